/** What the list of projects is narrowed to, as its address holds it. Pure. */

export type Filters = {
  q: string | null;
  year: string | null;
  /** the id of one */
  village: string | null;
  status: string | null;
  /** only what was withdrawn */
  withdrawn: 'true' | null;
};

export const NO_FILTERS: Filters = {
  q: null,
  year: null,
  village: null,
  status: null,
  withdrawn: null
};

export function filtersOf(query: URLSearchParams): Filters {
  return {
    q: query.get('q'),
    year: query.get('year'),
    village: query.get('village'),
    status: query.get('status'),
    withdrawn: query.get('withdrawn') === 'true' ? 'true' : null
  };
}

export function searchOf(filters: Filters): string {
  const given = Object.entries(filters).filter((one): one is [string, string] => Boolean(one[1]));
  return given.length ? `?${new URLSearchParams(given)}` : '';
}
