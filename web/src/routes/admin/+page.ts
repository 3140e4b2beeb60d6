import { firstPage } from '$lib/api/listing.svelte';
import type { Job } from '$lib/api/types';
import { allowed } from '$lib/guard';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ url, parent, fetch }) => {
  await allowed(parent, 'read_jobs');
  const shown = url.searchParams.get('state') === 'waiting' ? 'waiting' : 'failed';
  return { shown, list: await firstPage<Job>('/jobs', { state: shown }, { fetch }) } as const;
};
