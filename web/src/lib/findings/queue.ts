/** The queue as somebody filtered it: the list, each finding in it, and the next one. */
import { get } from '$lib/api/client';
import type { Finding, FindingSummary, Page } from '$lib/api/types';

export type Filters = {
  state: string;
  severity: string | null;
  kind: string | null;
  /** the id of one */
  village: string | null;
  year: string | null;
  /** those about this project alone */
  project: string | null;
};

const NAMES = ['state', 'severity', 'kind', 'village', 'year', 'project'] as const;

export function filtersOf(query: URLSearchParams): Filters {
  const [state, severity, kind, village, year, project] = NAMES.map((name) => query.get(name));
  return {
    state: state ?? 'open',
    severity: severity ?? null,
    kind: kind ?? null,
    village: village ?? null,
    year: year ?? null,
    project: project ?? null
  };
}

/** As the end of an address: what differs from the plain queue. */
export function searchOf(filters: Filters): string {
  const told = NAMES.flatMap((name): [string, string][] => {
    const value = filters[name];
    return value === null || value === '' || (name === 'state' && value === 'open')
      ? []
      : [[name, value]];
  });
  return told.length ? `?${new URLSearchParams(told)}` : '';
}

/** The finding that comes after this one in the queue; behind the last one the first. Null where no other is left. */
export async function findNext(
  finding: Pick<Finding, 'id' | 'queue_key'>,
  filters: Filters,
  signal: AbortSignal
): Promise<FindingSummary | null> {
  const ask = (after: string | null, limit: number) =>
    get<Page<FindingSummary>>('/findings', { ...filters, after, limit }, { signal });
  const behind = await ask(finding.queue_key, 1);
  const first = behind.items[0] ?? (await ask(null, 2)).items.find((one) => one.id !== finding.id);
  return first ?? null;
}
