import { firstPage } from '$lib/api/listing.svelte';
import type { UploadSummary } from '$lib/api/types';
import { allowed } from '$lib/guard';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent, fetch }) => {
  await allowed(parent, 'import_projects');
  return { list: await firstPage<UploadSummary>('/uploads', {}, { fetch, limit: 20 }) };
};
