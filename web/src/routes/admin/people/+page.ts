import { firstPage } from '$lib/api/listing.svelte';
import type { Person } from '$lib/api/types';
import { allowed } from '$lib/guard';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent, fetch, depends }) => {
  depends('tapak:people');
  await allowed(parent, 'manage_people');
  return { list: await firstPage<Person>('/people', {}, { fetch, limit: 100 }) };
};
