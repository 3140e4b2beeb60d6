/** Whole rupiah as they are typed: digits in groups of three, the caret where it was. Pure. */

/** The most the server takes: beyond this a number is no longer exact either. */
const MOST_DIGITS = 15;

export function digitsOf(text: string): string {
  return text
    .replace(/\D/g, '')
    .replace(/^0+(?=\d)/, '')
    .slice(0, MOST_DIGITS);
}

/** `150000000` as `150.000.000`. */
export function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, '.');
}

export function amountOf(text: string): number | null {
  const digits = digitsOf(text);
  return digits === '' ? null : Number(digits);
}

export function ofAmount(amount: number | null): string {
  return amount === null ? '' : grouped(String(amount));
}

/** What stands in the field after a keystroke, and where the caret goes: behind the same digit as before. */
export function typed(text: string, caret: number): { text: string; caret: number } {
  const leading = text.slice(0, caret);
  const dropped = text.replace(/\D/g, '').length - digitsOf(text).length;
  const before = Math.max(0, leading.replace(/\D/g, '').length - (dropped > 0 ? dropped : 0));
  const result = grouped(digitsOf(text));
  let at = 0;
  for (let seen = 0; at < result.length && seen < before; at += 1) {
    if (/\d/.test(result[at] ?? '')) seen += 1;
  }
  return { text: result, caret: at };
}

/** A pasted sum may have cents, which whole rupiah have not: `Rp 150.000.000,00`. */
export function pasted(text: string): string {
  return grouped(digitsOf(text.trim().replace(/[.,]\d{1,2}$/, '')));
}
