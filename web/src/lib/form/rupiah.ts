/** Whole rupiah as they are typed: digits in groups of three, the caret where it was. Pure. */

/** The most the server takes: beyond this a number is no longer exact either. */
const MOST_DIGITS = 15;

function digitsOf(text: string): string {
  return text
    .replace(/\D/g, '')
    .replace(/^0+(?=\d)/, '')
    .slice(0, MOST_DIGITS);
}

/** `150000000` as `150.000.000`. */
function grouped(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, '.');
}

/** Words that people write behind a number, by the letter that tells them apart: "150 jt", "1,5 miliar". */
const TIMES: Readonly<Record<string, number>> = { r: 3, j: 6, m: 9 };

/** What is worth a whole rupiah, before the comma. Cents are typed out of habit: nothing is paid in them. */
function wholeOf(text: string): string {
  return text.split(',')[0] ?? '';
}

export function amountOf(text: string): number | null {
  const digits = digitsOf(wholeOf(text));
  return digits === '' ? null : Number(digits);
}

export function ofAmount(amount: number | null): string {
  return amount === null ? '' : grouped(String(amount));
}

/** A number with a word for thousands, millions or billions behind it, as a number; `null` where there is none. */
function inFull(text: string): string | null {
  const found = /^\D*(\d[\d.]*)(?:,(\d*))?\s*([rjm])/i.exec(text);
  if (!found) return null;
  const [, whole = '', decimals = '', word = ''] = found;
  const places = TIMES[word.toLowerCase()] ?? 0;
  return grouped(digitsOf(whole + decimals.slice(0, places).padEnd(places, '0')));
}

/** What stands in the field after a keystroke, and where the caret goes: behind the same digit as before. */
export function typed(text: string, caret: number): { text: string; caret: number } {
  const full = inFull(text);
  if (full !== null) return { text: full, caret: full.length };
  const comma = text.indexOf(',');
  const whole = comma < 0 ? text : text.slice(0, comma);
  const digits = digitsOf(whole);
  const cents =
    comma < 0 || digits === '' ? '' : `,${text.slice(comma).replace(/\D/g, '').slice(0, 2)}`;
  const result = grouped(digits);
  // Behind the comma nothing moves, however the groups before it do.
  if (cents !== '' && caret > comma) {
    return {
      text: result + cents,
      caret: Math.min(result.length + caret - comma, (result + cents).length)
    };
  }
  const leading = whole.slice(0, caret);
  const dropped = whole.replace(/\D/g, '').length - digits.length;
  const before = Math.max(0, leading.replace(/\D/g, '').length - (dropped > 0 ? dropped : 0));
  let at = 0;
  for (let seen = 0; at < result.length && seen < before; at += 1) {
    if (/\d/.test(result[at] ?? '')) seen += 1;
  }
  return { text: result + cents, caret: at };
}

/** A pasted sum may have cents, which whole rupiah have not: `Rp 150.000.000,00`. */
export function pasted(text: string): string {
  return (
    inFull(text.replace(/^\s*rp\.?\s*/i, '')) ??
    grouped(digitsOf(text.trim().replace(/[.,]\d{1,2}$/, '')))
  );
}
