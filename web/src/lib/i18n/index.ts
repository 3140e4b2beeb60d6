/** Every text of the page: `t('area.key', values)`, from the catalogues `id/area.json` and `en/area.json`. */
import { IntlMessageFormat } from 'intl-messageformat';
import { language, localeOf, type Language } from './language.svelte';

type Values = Record<string, string | number | boolean | Date | null | undefined>;

const files = import.meta.glob<Record<string, string>>('./*/*.json', {
  eager: true,
  import: 'default'
});

const catalogues: Record<Language, Map<string, string>> = { id: gather('id'), en: gather('en') };
const formats = new Map<string, IntlMessageFormat>();

export function t(key: string, values?: Values): string {
  const now = language();
  const text = catalogues[now].get(key);
  if (text === undefined) return key;
  if (!text.includes('{')) return text;
  const name = `${now} ${key}`;
  let format = formats.get(name);
  if (!format) {
    format = new IntlMessageFormat(text, localeOf(now));
    formats.set(name, format);
  }
  return String(format.format(values));
}

/** Does the catalogue know this key? For words of the server that may be newer than the page. */
export function knows(key: string): boolean {
  return catalogues[language()].has(key);
}

function gather(of: Language): Map<string, string> {
  const all = new Map<string, string>();
  for (const [path, texts] of Object.entries(files)) {
    const [, folder, area] = /^\.\/(\w+)\/(\w+)\.json$/.exec(path) ?? [];
    if (folder !== of) continue;
    for (const [key, text] of Object.entries(texts)) all.set(`${area}.${key}`, text);
  }
  return all;
}

export { language, speak } from './language.svelte';
