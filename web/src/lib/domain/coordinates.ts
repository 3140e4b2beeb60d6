/**
 * Coordinates as people type them, one position a line: `-8.2133, 114.3735`, `8°12'48"S 114°22'25"E`,
 * `-8,2133 114,3735`, `8,2133 LS; 114,3735 BT`. Latitude comes first, as Indonesians write it, unless
 * letters say otherwise. Nothing is exchanged silently: a doubtful pair comes back with both readings. Pure.
 */

export type LonLat = { lon: number; lat: number };

export type Reading =
  | { kind: 'ok'; at: LonLat }
  /** `given` is as typed, `other` what was probably meant; an exchanged pair cannot be on earth, a northern one can */
  | { kind: 'doubtful'; why: 'swapped' | 'north'; given: LonLat; other: LonLat }
  | { kind: 'wrong'; why: 'unreadable' | 'one_number' | 'off_earth' | 'zero' };

export type TypedLine = { line: number; text: string; reading: Reading };

/** Each line that is not empty, numbered from 1 as the person sees them. */
export function readLines(text: string): TypedLine[] {
  return text
    .split(/\r?\n/)
    .map((line, i) => ({ line: i + 1, text: line.trim() }))
    .filter(({ text }) => text !== '')
    .map((line) => ({ ...line, reading: readPosition(line.text) }));
}

export function readPosition(text: string): Reading {
  const clean = normalised(text);
  if (clean === null) return { kind: 'wrong', why: 'unreadable' };
  const halves = split(clean);
  if (halves === 'one') return { kind: 'wrong', why: 'one_number' };
  const [first, second] = halves ? [angle(halves[0]), angle(halves[1])] : [null, null];
  if (!first || !second || (first.axis && first.axis === second.axis)) {
    return { kind: 'wrong', why: 'unreadable' };
  }
  const lonFirst = first.axis === 'lon' || second.axis === 'lat';
  const given = lonFirst
    ? { lon: first.value, lat: second.value }
    : { lon: second.value, lat: first.value };
  return judged(given, first.lettered || second.lettered);
}

function judged(given: LonLat, lettered: boolean): Reading {
  if (!isOnEarth(given)) {
    // An Indonesian longitude cannot be a latitude.
    const other = exchanged(given);
    return isOnEarth(other)
      ? { kind: 'doubtful', why: 'swapped', given, other }
      : { kind: 'wrong', why: 'off_earth' };
  }
  if (given.lon === 0 && given.lat === 0) return { kind: 'wrong', why: 'zero' };
  const south = { lon: given.lon, lat: -given.lat };
  if (!lettered && given.lat > 0 && !isInIndonesia(given) && isInIndonesia(south)) {
    return { kind: 'doubtful', why: 'north', given, other: south };
  }
  return { kind: 'ok', at: given };
}

export function exchanged({ lon, lat }: LonLat): LonLat {
  return { lon: lat, lat: lon };
}

/** Latitude first, with points: what the parser reads back exactly. */
export function formatPosition({ lon, lat }: LonLat): string {
  return `${trimmed(lat)}, ${trimmed(lon)}`;
}

/** seven decimals are a centimetre */
function trimmed(degrees: number): string {
  return String(Math.round(degrees * 1e7) / 1e7);
}

function isOnEarth({ lon, lat }: LonLat): boolean {
  return Math.abs(lon) <= 180 && Math.abs(lat) <= 90;
}

/** A generous box: enough to tell an exchanged or mirrored pair, no border. */
function isInIndonesia({ lon, lat }: LonLat): boolean {
  return lon >= 94 && lon <= 142 && lat >= -12 && lat <= 7;
}

const WORDS: [RegExp, string][] = [
  [/LINTANG\s+SELATAN|(?<![A-Z])LS(?![A-Z])/g, 'S'],
  [/LINTANG\s+UTARA|(?<![A-Z])LU(?![A-Z])/g, 'N'],
  [/BUJUR\s+TIMUR|(?<![A-Z])BT(?![A-Z])/g, 'E'],
  [/BUJUR\s+BARAT|(?<![A-Z])BB(?![A-Z])/g, 'W'],
  [/(?:LATITUDE|LINTANG|LAT)\s*[:=]?/g, '<'],
  [/(?:LONGITUDE|BUJUR|LONG|LON|LNG)\s*[:=]?/g, '>'],
  [/(?<![A-Z])U(?![A-Z])/g, 'N'],
  [/(?<![A-Z])T(?![A-Z])/g, 'E'],
  [/(?<![A-Z])B(?![A-Z])/g, 'W']
];

/** One spelling of everything: digits, `.` `,` `;`, `-`, `° ' "`, NSEW, and `<` `>` for the words lat and lon. */
function normalised(text: string): string | null {
  // Signs first: NFKC would make an o of º and two minutes of ″.
  let clean = text
    .replace(/[−–—‐‑]/g, '-')
    .replace(/[º˚]/g, '°')
    .replace(/[′’‘´`]/g, "'")
    .replace(/[″“”]|''/g, '"')
    .normalize('NFKC')
    .toUpperCase()
    .replace(/DERAJAT|DEG(?:REES?)?/g, '°')
    .replace(/[()[\]{}+]/g, ' ');
  for (const [word, letter] of WORDS) clean = clean.replace(word, letter);
  return /^[\d.,;\-°'"NSEW<>\s]+$/.test(clean) ? pointed(clean) : null;
}

/** Decimal commas become points, commas between numbers become `;`. Where both readings are possible: null. */
function pointed(text: string): string | null {
  const tight = /(?<=\d),(?=\d)/g;
  const decimal = (part: string) => part.replace(tight, '.');
  const separated = (part: string) => part.replaceAll(',', ';');
  if (text.includes(';')) return separated(decimal(text));
  if (/\d\.\d/.test(text)) return separated(text);
  const commas = text.match(/,/g)?.length ?? 0;
  const tights = text.match(tight)?.length ?? 0;
  if (tights < commas) return separated(decimal(text));
  const numbers = text.match(/\d+/g)?.length ?? 0;
  // -8,2133,114,3735: only the comma in the middle can part the two
  if (tights === 3 && numbers === 4) return text.replace(/(,\d+),/, '$1;').replaceAll(',', '.');
  return tights <= 2 ? decimal(text) : null;
}

/** The two angles; 'one' where there is only one. */
function split(text: string): [string, string] | 'one' | null {
  const parts = text.split(';').map((part) => part.trim());
  const filled = parts.filter((part) => part !== '');
  const [a, b] = filled;
  if (filled.length === 2 && a && b) return [a, b];
  if (filled.length > 2 || !a) return null;
  const marks = [...a.matchAll(/[NSEW<>]/g)].map((match) => match.index);
  if (marks.length > 0) {
    const before = /^[NSEW<>]/.test(a);
    const at = before ? marks.find((index) => index > 0) : (marks[0] ?? 0) + 1;
    return at === undefined || a.slice(at).trim() === '' ? 'one' : [a.slice(0, at), a.slice(at)];
  }
  const starts = [...a.matchAll(/-?\d+(?:\.\d+)?/g)].map((match) => match.index);
  if (starts.length < 2) return 'one';
  const degrees = [...a.matchAll(/-?\d+(?:\.\d+)?\s*°/g)].map((match) => match.index);
  if (degrees.length === 1) return 'one';
  const middle = degrees.length === 2 ? degrees[1] : starts[starts.length / 2];
  return middle === undefined ? null : [a.slice(0, middle), a.slice(middle)];
}

type Angle = { value: number; axis: 'lat' | 'lon' | null; lettered: boolean };

/** One angle: degrees, or degrees and minutes, or degrees, minutes and seconds; only the last has decimals. */
function angle(text: string): Angle | null {
  const letters = [...text.matchAll(/[NSEW]/g)].map((match) => match[0]);
  const words = [...text.matchAll(/[<>]/g)].map((match) => match[0]);
  const numbers = text.match(/-?\d+(?:\.\d+)?/g) ?? [];
  const [letter] = letters;
  if (letters.length > 1 || words.length > 1 || numbers.length < 1 || numbers.length > 3)
    return null;
  if (numbers.slice(0, -1).some((number) => number.includes('.'))) return null;
  if (numbers.slice(1).some((number) => number.startsWith('-') || Number(number) >= 60))
    return null;
  const rest = text.replace(/-?\d+(?:\.\d+)?|[NSEW<>°'"\s]/g, '');
  if (rest !== '') return null;

  const [degrees = 0, minutes = 0, seconds = 0] = numbers.map((number) => Math.abs(Number(number)));
  const minus = numbers[0]?.startsWith('-') ?? false;
  if (minus && (letter === 'N' || letter === 'E')) return null;
  const size = degrees + minutes / 60 + seconds / 3600;
  const negative = minus || letter === 'S' || letter === 'W';
  const axes = { N: 'lat', S: 'lat', E: 'lon', W: 'lon', '<': 'lat', '>': 'lon' } as const;
  const named = [letter, words[0]].flatMap((mark) =>
    mark ? [axes[mark as keyof typeof axes]] : []
  );
  if (named.length === 2 && named[0] !== named[1]) return null;
  return {
    value: negative && size > 0 ? -size : size,
    axis: named[0] ?? null,
    lettered: letter !== undefined
  };
}
