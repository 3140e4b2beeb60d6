/** What is wrong with the form, before and after the server has seen it: by field, with the words to show. Pure. */
import { decimal, isFilled, type Values } from './values';

export const YEARS = { first: 1990, last: 2100 };

/** `field` as the API names it: `title`, `funding[0].fund`; `message` a key of the catalogue form. */
export type Fault = { field: string; message: string };

export function faults(values: Values, titleChars: number): Fault[] {
  const found: Fault[] = [];
  const fault = (field: string, message: string) => found.push({ field, message });

  const length = [...values.title.trim()].length;
  if (length === 0) fault('title', 'titleMissing');
  else if (length > titleChars) fault('title', 'titleLong');
  if (!values.village) fault('village_id', 'villageMissing');
  const year = Number(values.fiscal_year);
  if (!Number.isInteger(year) || year < YEARS.first || year > YEARS.last)
    fault('fiscal_year', 'yearWrong');
  for (const [i, row] of values.funding.entries()) {
    if (isFilled(row) && row.fund.trim() === '') fault(`funding[${i}].fund`, 'fundMissing');
  }
  if (values.volume.trim() !== '' && decimal(values.volume) === null)
    fault('volume', 'volumeWrong');
  if (values.start_on && values.finish_on && values.finish_on < values.start_on) {
    fault('finish_on', 'finishEarly');
  }
  return found;
}

/** The lines sent leave empty rows out: the path of the server, with the number of the row in the form. */
export function ofServer(field: string, values: Values): string {
  const line = /^funding\[(\d+)\](.*)$/.exec(field);
  if (!line) return /^footprint\b/.test(field) ? 'footprint' : field;
  const filled = values.funding.flatMap((row, i) => (isFilled(row) ? [i] : []));
  return `funding[${filled[Number(line[1])] ?? line[1]}]${line[2]}`;
}
