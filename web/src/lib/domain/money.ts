/** Rupiah: short in overviews, full in facts, read as people type it. */
import { language, type Language } from '$lib/i18n/language.svelte';
import { formatNumber } from './numbers';

const STEPS: [number, Record<Language, string>][] = [
  [1e12, { id: 'triliun', en: 'trillion' }],
  [1e9, { id: 'miliar', en: 'billion' }],
  [1e6, { id: 'juta', en: 'million' }]
];

/** `Rp150.000.000`; English groups by commas. */
export function formatRupiah(rupiah: number, as: Language = language()): string {
  return rupiah < 0 ? `−Rp${formatNumber(-rupiah, 0, as)}` : `Rp${formatNumber(rupiah, 0, as)}`;
}

/** `Rp150 juta`, `Rp1,25 miliar`, as the server's sentences have it; below a million in full. */
export function formatRupiahShort(rupiah: number, as: Language = language()): string {
  const step = STEPS.find(([size]) => Math.abs(rupiah) >= size);
  if (!step) return formatRupiah(rupiah, as);
  const [size, word] = step;
  return `Rp${formatNumber(rupiah / size, 2, as)} ${word[as]}`;
}

/** Whole rupiah of `150.000.000`, `Rp 150000000`, `150 juta`, `1,25 miliar`. Null where it is none. */
export function readRupiah(text: string): number | null {
  const clean = text.toLowerCase().replace(/rp\.?|\s/g, '');
  const found = /^(\d[\d.,]*)(juta|jt|miliar|milyar|m|ribu|rb)?$/.exec(clean);
  if (!found) return null;
  const [, digits = '', word] = found;
  if (word) {
    const factor = word.startsWith('m') ? 1e9 : word === 'juta' || word === 'jt' ? 1e6 : 1e3;
    const value = Number(digits.replace(/\.(?=\d{3}\b)/g, '').replace(',', '.'));
    return Number.isFinite(value) ? Math.round(value * factor) : null;
  }
  // Full rupiah have no cents; `,00` is what a spreadsheet adds.
  const whole = digits.replace(/,\d{1,2}$/, '').replace(/[.,]/g, '');
  const value = Number(whole);
  return Number.isSafeInteger(value) ? value : null;
}
