import { firstPage } from '$lib/api/listing.svelte';
import type { ProjectSummary } from '$lib/api/types';
import { filtersOf } from '$lib/projects/filters';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ url, parent, fetch }) => {
  await parent(); // who asks decides what is shown
  const filters = filtersOf(url.searchParams);
  return { filters, list: await firstPage<ProjectSummary>('/projects', filters, { fetch }) };
};
