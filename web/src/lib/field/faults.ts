/** What keeps a report from being sent: by field, a key of the catalogue field. Pure. */
export type ReportFaults = { percent?: string; date?: string; note?: string };

/** As the server counts them. */
export const NOTE_CHARS = 2_000;

export function faultsOf(
  { percent, reported_on, note }: { percent: number | null; reported_on: string; note: string },
  today: string
): ReportFaults {
  const found: ReportFaults = {};
  if (percent === null) found.percent = 'percentMissing';
  else if (!(percent >= 0 && percent <= 100)) found.percent = 'percentRange';
  if (reported_on === '') found.date = 'dateMissing';
  else if (reported_on > today) found.date = 'dateFuture';
  if ([...note.trim()].length > NOTE_CHARS) found.note = 'noteLong';
  return found;
}
