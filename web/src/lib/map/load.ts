/** The map's questions to the server. */
import { get } from '$lib/api/client';
import type { Boundary, FindingFeature, ProjectFeature } from './features';
import type { Bounds } from './geometry';
import type { Filters } from './url-state';

/** features a page; the server may give fewer */
const PAGE = 2000;

type Features<F> = { features: F[]; next?: string | null };

export async function fetchBoundaries(): Promise<Boundary[]> {
  const found = await get<Features<Boundary>>('/villages/boundaries');
  return found.features;
}

export async function fetchProjectPage(
  filters: Filters,
  bbox: Bounds | null,
  after: string | null,
  signal: AbortSignal
): Promise<{ features: ProjectFeature[]; next: string | null }> {
  const query = { ...asQuery(filters, bbox), after, limit: PAGE };
  const page = await get<Features<ProjectFeature>>('/map/projects', query, { signal });
  return { features: page.features, next: page.next ?? null };
}

export async function fetchFindings(
  filters: Filters,
  bbox: Bounds | null,
  signal: AbortSignal
): Promise<FindingFeature[]> {
  const all: FindingFeature[] = [];
  let after: string | null = null;
  do {
    const query = { ...asQuery(filters, bbox), after };
    const page: Features<FindingFeature> = await get('/map/findings', query, { signal });
    all.push(...page.features);
    after = page.next ?? null;
  } while (after !== null);
  return all;
}

function asQuery(filters: Filters, bbox: Bounds | null) {
  return { ...filters, bbox: bbox && bbox.map((degrees) => degrees.toFixed(5)).join(',') };
}
