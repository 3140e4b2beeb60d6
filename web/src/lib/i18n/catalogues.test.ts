/** Every text that the page asks for is there in both languages, with the same values, and none is left over. */
import { IntlMessageFormat } from 'intl-messageformat';
import { describe, expect, it } from 'vitest';
import openapi from '$lib/api/openapi.json';
import { AUTHORITIES, DECISIONS, FINDING_KINDS, SEVERITIES, STATUSES } from '$lib/domain/status';
import { THEMES } from '$lib/shell/theme';
import { localeOf, type Language } from './language.svelte';

const LANGUAGES: Language[] = ['id', 'en'];

const files = import.meta.glob<Record<string, string>>('./*/*.json', {
  eager: true,
  import: 'default'
});
const sources = Object.entries(
  import.meta.glob<string>('/src/**/*.{svelte,ts}', {
    eager: true,
    query: '?raw',
    import: 'default'
  })
).filter(([path]) => !/\.test\.ts$|\/schema\.d\.ts$|\/i18n\//.test(path));

const texts = { id: gather('id'), en: gather('en') };
const areas = new Set(Object.keys(files).flatMap((path) => /\/(\w+)\.json$/.exec(path)?.[1] ?? []));

function gather(language: Language): Map<string, string> {
  const found = Object.entries(files).flatMap(([path, catalogue]) => {
    const [, folder, area] = /^\.\/(\w+)\/(\w+)\.json$/.exec(path) ?? [];
    const entries = Object.entries(catalogue);
    return folder === language
      ? entries.map(([key, text]): [string, string] => [`${area}.${key}`, text])
      : [];
  });
  return new Map(found);
}

/** The words of an enumeration of the API. */
function words(
  name: 'How' | 'Relation' | 'Action' | 'Capacity' | 'Role' | 'Slip' | 'UploadState' | 'VerdictKind'
): string[] {
  return openapi.components.schemas[name].enum;
}

/** Keys of form.fault and field.fault are told as data. */
function faultsIn(folder: string): string[] {
  const told = /\bfault\(\s*[^()]*?,\s*'(\w+)'\)|\bmessage: '(\w+)'|\bfound\.\w+ = '(\w+)'/g;
  return sources
    .filter(([path]) => path.includes(folder))
    .flatMap(([, source]) => [...source.matchAll(told)])
    .flatMap(([, call, property, assignment]) => call ?? property ?? assignment ?? []);
}
const faults = faultsIn('/lib/form/');

const ACCURACIES = ['good', 'fair', 'poor'];
const SHAPES = ['point', 'line', 'area'];

/**
 * What can stand in the place of `*` in a key that is put together. Keys that are not listed here are taken as a
 * pattern: one text at least must fit, and all that fit count as used.
 */
const PARTS: Record<string, readonly string[]> = {
  'admin.kinds.*': [
    'screen_project',
    'screen_chunk',
    'screen_village',
    'upload',
    'prepare_photo',
    'compose_alerts',
    'notify_recipient',
    'compose_acts',
    'notify_of_acts',
    'send_mail',
    'send_code',
    'tell_owner',
    'backup'
  ],
  // `fresh` says nothing.
  'admin.backup.*': ['old', 'failed', 'never'],
  'admin.people.*': ['code', 'endSessions', 'enable', 'disable', 'factor'],
  'admin.people.*Title': ['code', 'disable', 'factor'],
  'people.channel.*': ['card', 'mail'],
  'common.accuracy.*': ACCURACIES,
  'common.authority.*': AUTHORITIES,
  'common.how.*': words('How'),
  'common.role.*': words('Role'),
  'people.act.*': words('Action'),
  'people.capacity.*': words('Capacity'),
  'people.*': ['make', 'appoint', 'close'],
  'people.*To': ['appoint', 'close'],
  'common.severity.*': SEVERITIES,
  'common.status.*': STATUSES,
  'field.*.title': ['unsent', 'partly'],
  'field.fault.*': faultsIn('/lib/field/'),
  // `known` and `sending` are asked for by name, with their values.
  'field.place.*': ['asking', 'older', 'none'],
  'field.place.*Why': ['older', 'none'],
  'field.position.*': ['denied', 'insecure', 'nowhere'],
  'field.position.*Help': ['denied', 'insecure', 'nowhere'],
  'field.upload.*': ['waiting', 'received', 'failed', 'refused'],
  'findings.closedBecause.*': ['decided', 'merged', 'withdrawn', 'facts_changed', 'joined'],
  'findings.decisionHints.*': DECISIONS,
  'findings.decisions.*': DECISIONS,
  'findings.kinds.*': FINDING_KINDS,
  'findings.verdicts.*': words('VerdictKind'),
  // Every field of the form: a correction names those that two people changed.
  'form.*.label': [
    'title',
    'village',
    'year',
    'status',
    'authority',
    'activity',
    'executor',
    'hamlet',
    'rt',
    'rw',
    'owner',
    'start_on',
    'finish_on',
    'volume',
    'volume_unit',
    'fund'
  ],
  'form.*.saved': ['new', 'correct', 'undo'],
  'form.coordinates.hint.*': SHAPES,
  // A point is never half typed.
  'form.coordinates.missing.*': ['line', 'area'],
  'form.coordinates.wrong.*': ['unreadable', 'one_number', 'off_earth', 'zero'],
  'form.fault.*': faults,
  'form.far.slip.*': words('Slip'),
  'form.likelihood.*': ['veryHigh', 'high', 'medium', 'low', 'veryLow'],
  'form.near.needs.*': ['title', 'village', 'footprint'],
  // `outside` has its own two sentences.
  'form.place.*': ['in', 'near'],
  'form.shape.*': SHAPES,
  'form.shape.hint.*': SHAPES,
  'import.counts.*': ['new', 'changed', 'same', 'refused', 'alerts', 'reviews'],
  'import.states.*': words('UploadState'),
  'import.working.*': ['received', 'reading', 'storing'],
  'map.draw.help.*': SHAPES,
  'map.place.*': words('Relation'),
  'messages.*': ['findings', 'comments', 'decisions'],
  'messages.states.*': ['waiting', 'sending', 'sent', 'outbox', 'failed'],
  'projects.done.*': ['register', 'correct', 'withdraw', 'merge', 'undo', 'import', 'reimport'],
  'projects.place.*': words('Relation'),
  'projects.undo.*': ['correct', 'withdraw', 'merge'],
  'shell.themes.*': THEMES,
  'signin.does.*': words('Role')
};

type Use = {
  path: string;
  /** `*` where a part of the key is put in */
  key: string;
  /** names of the values beside it; null where they cannot be read from the source */
  values: string[] | null;
};

const uses = sources.flatMap(([path, source]) => readUses(path, source));
const used = new Set(uses.flatMap(({ key }) => expand(key)));

function readUses(path: string, source: string): Use[] {
  const found: Use[] = [];
  const quoted = /(['"])([a-z]\w*(?:\.\w+)+)\1|`([a-z]\w*\.(?:[\w.]|\$\{[^`{}]*\})+)`/gi;
  for (const match of source.matchAll(quoted)) {
    const key = match[2] ?? match[3]?.replace(/\$\{[^}]*\}/g, '*') ?? '';
    const before = source.slice(0, match.index);
    const isAsked = /\b(?:t|knows)\(\s*$/.test(before);
    if (!isAsked && !areas.has(key.split('.')[0] ?? '')) continue;
    const after = source.slice(match.index + match[0].length);
    found.push({ path, key, values: /\bt\(\s*$/.test(before) ? readValues(after) : null });
  }
  return found;
}

/** The names in `, { a, b: 1 })`; none in `)`. */
function readValues(after: string): string[] | null {
  if (/^\s*\)/.test(after)) return [];
  const start = /^\s*,\s*\{/.exec(after)?.[0].length;
  if (start === undefined) return null;
  let depth = 0;
  let top = '';
  for (const letter of after.slice(start)) {
    if (depth === 0 && letter === '}') break;
    if ('([{'.includes(letter)) depth += 1;
    else if (')]}'.includes(letter)) depth -= 1;
    else if (depth === 0) top += letter;
  }
  if (top.includes('...')) return null;
  return top.split(',').flatMap((part) => /^\s*(\w+)/.exec(part)?.[1] ?? []);
}

/** The keys that a use means. */
function expand(key: string): string[] {
  if (!key.includes('*')) return [key];
  const parts = PARTS[key];
  if (parts) return parts.map((part) => key.replace('*', part));
  const pattern = new RegExp(`^${key.replaceAll('.', '\\.').replaceAll('*', '[^.]+')}$`);
  const fitting = [...new Set([...texts.id.keys(), ...texts.en.keys()])].filter((one) =>
    pattern.test(one)
  );
  return fitting.length ? fitting : [key];
}

type Parsed = ReturnType<IntlMessageFormat['getAst']>;

function valuesOf(text: string, language: Language): Set<string> {
  const names = new Set<string>();
  const collect = (parts: Parsed) => {
    for (const part of parts) {
      // literal (0) and the number sign (7) name nothing
      if (part.type !== 0 && part.type !== 7) names.add(part.value);
      if ('options' in part)
        for (const option of Object.values(part.options)) collect(option.value);
      if ('children' in part) collect(part.children);
    }
  };
  collect(new IntlMessageFormat(text, localeOf(language)).getAst());
  return names;
}

describe('the texts', () => {
  it.each(LANGUAGES)('can be read: %s', (language) => {
    const broken = [...texts[language]].flatMap(([key, text]) => {
      try {
        valuesOf(text, language);
        return text.trim() === '' ? [`${key}: empty`] : [];
      } catch (reason) {
        return [`${key}: ${String(reason)}`];
      }
    });
    expect(broken).toEqual([]);
  });

  it('are there in both languages', () => {
    expect([...texts.id.keys()].filter((key) => !texts.en.has(key))).toEqual([]);
    expect([...texts.en.keys()].filter((key) => !texts.id.has(key))).toEqual([]);
  });

  it('take the same values in both languages', () => {
    const different = [...texts.id].flatMap(([key, text]) => {
      const names = [...valuesOf(text, 'id')].toSorted();
      const english = [...valuesOf(texts.en.get(key) ?? '', 'en')].toSorted();
      return String(names) === String(english) ? [] : [`${key}: {${names}} and {${english}}`];
    });
    expect(different).toEqual([]);
  });
});

describe('the keys in the source', () => {
  it('are found', () => {
    expect(uses.length).toBeGreaterThan(300);
    expect(faults).toContain('titleMissing');
    expect([...used].some((key) => key === 'common.status.handed_over')).toBe(true);
  });

  it.each(LANGUAGES)('have a text: %s', (language) => {
    const missing = uses.flatMap(({ path, key }) =>
      expand(key).flatMap((one) => (texts[language].has(one) ? [] : [`${one} in ${path}`]))
    );
    expect(missing).toEqual([]);
  });

  it('come with the values that their text takes', () => {
    const lacking = uses.flatMap(({ path, key, values }) =>
      expand(key).flatMap((one) => {
        const taken = values ? [...valuesOf(texts.id.get(one) ?? '', 'id')] : [];
        const lost = taken.filter((name) => !values?.includes(name));
        return lost.length ? [`${one} in ${path}: {${lost}}`] : [];
      })
    );
    expect(lacking).toEqual([]);
  });

  it('use every text', () => {
    expect([...texts.id.keys()].filter((key) => !used.has(key))).toEqual([]);
  });
});
