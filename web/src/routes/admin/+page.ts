import { get } from '$lib/api/client';
import { firstPage } from '$lib/api/listing.svelte';
import type { Backups, Job } from '$lib/api/types';
import { allowed } from '$lib/guard';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ url, parent, fetch }) => {
  await allowed(parent, 'read_jobs');
  const shown = url.searchParams.get('state') === 'waiting' ? 'waiting' : 'failed';
  const [list, backups] = await Promise.all([
    firstPage<Job>('/jobs', { state: shown }, { fetch }),
    get<Backups>('/backups', {}, { fetch })
  ]);
  return { shown, list, backups } as const;
};
