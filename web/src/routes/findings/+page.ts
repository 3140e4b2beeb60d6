import { firstPage } from '$lib/api/listing.svelte';
import type { FindingSummary } from '$lib/api/types';
import { filtersOf } from '$lib/findings/queue';
import { allowed } from '$lib/guard';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ url, parent, fetch }) => {
  await allowed(parent, 'read_findings');
  const filters = filtersOf(url.searchParams);
  return { filters, list: await firstPage<FindingSummary>('/findings', filters, { fetch }) };
};
