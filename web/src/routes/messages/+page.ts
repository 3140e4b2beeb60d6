import { firstPage } from '$lib/api/listing.svelte';
import type { Message } from '$lib/api/types';
import { allowed } from '$lib/guard';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent, fetch }) => {
  await allowed(parent, 'read_messages');
  return { list: await firstPage<Message>('/messages', {}, { fetch }) };
};
