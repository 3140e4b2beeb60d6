/** What is wrong with the form, before and after the server has seen it: by field, with the words to show. Pure. */
import { changes, decimal, isFilled, type Draft, type Values } from './values';

export const YEARS = { first: 1990, last: 2100 };

/** `field` as the API names it: `title`, `funding[0].fund`; `message` a key of the catalogue form. */
export type Fault = { field: string; message: string };

/** The form as somebody wants to send it. */
export type Filled = {
  values: Values;
  draft: Draft;
  /** of a correction: what is saved now, and why it is corrected */
  base: Draft | null;
  reason: string;
  /** lines of coordinates that are no part yet */
  isPending: boolean;
  /** there is no place, and nobody said that this is so */
  lacksPlace: boolean;
  /** the place is far from its village, and nobody said that it is right */
  isFar: boolean;
};

/** What keeps the form from being sent: what is typed wrongly, then what is not answered yet. */
export function faults(filled: Filled, titleChars: number): Fault[] {
  const { values, draft, base, reason, isPending, lacksPlace, isFar } = filled;
  const found = valueFaults(values, titleChars);
  const fault = (field: string, message: string) => found.push({ field, message });
  if (isPending) fault('footprint', 'coordinatesPending');
  if (base?.footprint && !draft.footprint) fault('footprint', 'footprintGone');
  if (lacksPlace) fault('footprint', 'placeMissing');
  if (isFar) fault('footprint', 'placeFar');
  if (base && reason.trim() === '') fault('reason', 'reasonMissing');
  if (base && Object.keys(changes(base, draft)).length === 0) fault('title', 'nothingChanged');
  return found;
}

/** The lines sent leave empty rows out: the path of the server, with the number of the row in the form. */
export function ofServer(field: string, values: Values): string {
  const line = /^funding\[(\d+)\](.*)$/.exec(field);
  if (!line) return /^footprint\b/.test(field) ? 'footprint' : field;
  const filled = values.funding.flatMap((row, i) => (isFilled(row) ? [i] : []));
  return `funding[${filled[Number(line[1])] ?? line[1]}]${line[2]}`;
}

function valueFaults(values: Values, titleChars: number): Fault[] {
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
