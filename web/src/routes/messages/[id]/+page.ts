import { get } from '$lib/api/client';
import type { MessageDetail } from '$lib/api/types';
import { allowed } from '$lib/guard';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ params, parent, fetch }) => {
  await allowed(parent, 'read_messages');
  const address = `/messages/${encodeURIComponent(params.id)}`;
  return { message: await get<MessageDetail>(address, {}, { fetch }) };
};
