/** What somebody chose for a file and did not send yet, beside what the server knows: plain functions. */
import type { UploadOptions } from '$lib/api/types';

export type Choices = UploadOptions;

/** What a column is read as, as its select says it. */
export const BY_ITSELF = '';
export const SET_ASIDE = '-';

export function copyOf(options: UploadOptions): Choices {
  return structuredClone(options);
}

export function fieldOf(choices: Choices, column: string): string {
  const choice = choices.columns.find((one) => one.column === column);
  if (!choice) return BY_ITSELF;
  return choice.field ?? SET_ASIDE;
}

export function withField(choices: Choices, column: string, field: string): Choices {
  // A field stands in one column: chosen for another one, it leaves the first.
  const others = choices.columns.filter(
    (one) => one.column !== column && (one.field === null || one.field !== field)
  );
  if (field === BY_ITSELF) return { ...choices, columns: others };
  return {
    ...choices,
    columns: [...others, { column, field: field === SET_ASIDE ? null : field }]
  };
}

export function valueOf(choices: Choices, field: string): string {
  return choices.values.find((one) => one.field === field)?.text ?? '';
}

export function withValue(choices: Choices, field: string, text: string): Choices {
  const others = choices.values.filter((one) => one.field !== field);
  return { ...choices, values: text.trim() === '' ? others : [...others, { field, text }] };
}

export function cellOf(choices: Choices, row: number, column: string): string | null {
  return choices.cells.find((one) => one.row === row && one.column === column)?.text ?? null;
}

/** `null`: as the file has it. */
export function withCell(
  choices: Choices,
  row: number,
  column: string,
  text: string | null
): Choices {
  const others = choices.cells.filter((one) => one.row !== row || one.column !== column);
  return { ...choices, cells: text === null ? others : [...others, { row, column, text }] };
}

export function withReading(choices: Choices, row: number, taken: boolean): Choices {
  const others = choices.readings.filter((one) => one !== row);
  return { ...choices, readings: taken ? [...others, row] : others };
}

export function withKey(choices: Choices, column: string, part: boolean): Choices {
  const others = choices.key.filter((one) => one !== column);
  return { ...choices, key: part ? [...others, column] : others };
}

/** The same in another order is the same. */
export function areSame(a: Choices, b: Choices): boolean {
  return plain(a) === plain(b);
}

function plain(choices: Choices): string {
  const sorted = <T>(list: readonly T[]) => list.map((one) => JSON.stringify(one)).sort();
  const { source, layer, crs, swap, key } = choices;
  const lists = [choices.columns, choices.values, choices.cells, choices.readings].map((list) =>
    sorted<unknown>(list)
  );
  return JSON.stringify([source || null, layer || null, crs || null, swap, key, lists]);
}
