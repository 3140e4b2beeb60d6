/** Numbers as each language writes them, and read as people type them. */
import { language, type Language } from '$lib/i18n/language.svelte';

/** Indonesian: decimal comma, point between thousands. */
export function formatNumber(value: number, most = 0, as: Language = language()): string {
  return new Intl.NumberFormat(as === 'id' ? 'id-ID' : 'en-GB', {
    maximumFractionDigits: most
  }).format(value);
}

/** `40 %`, `37,5 %`. */
export function formatPercent(percent: number, as: Language = language()): string {
  return `${formatNumber(percent, 1, as)} %`;
}

/** `1,2 MB`; `60,5 GB`; sizes as people know them from their phone. */
export function formatBytes(bytes: number, as: Language = language()): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${formatNumber(bytes / 1000, 0, as)} kB`;
  if (bytes < 1_000_000_000) return `${formatNumber(bytes / 1_000_000, 1, as)} MB`;
  return `${formatNumber(bytes / 1_000_000_000, 1, as)} GB`;
}

/**
 * A number as typed: `1.250,5`, `1250.5`, `12,75`. A point or comma before exactly three last digits separates
 * thousands, unless it is the only one and a comma. Null where it is no number.
 */
export function readNumber(text: string): number | null {
  const clean = text.trim().replace(/\s/g, '');
  if (!/^-?\d[\d.,]*$/.test(clean)) return null;
  const last = Math.max(clean.lastIndexOf('.'), clean.lastIndexOf(','));
  const isThousands = clean[last] === '.' && /^-?\d{1,3}(\.\d{3})+$/.test(clean);
  const whole = last < 0 || isThousands ? clean : clean.slice(0, last);
  const rest = last < 0 || isThousands ? '' : clean.slice(last + 1);
  if (!/^\d*$/.test(rest)) return null;
  const value = Number(`${whole.replace(/[.,]/g, '')}.${rest || '0'}`);
  return Number.isFinite(value) ? value : null;
}
