import { get } from '$lib/api/client';
import type { MessageDetail } from '$lib/api/types';
import { signedIn } from '$lib/guard';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ params, parent, fetch }) => {
  await signedIn(parent);
  const address = `/messages/${encodeURIComponent(params.id)}`;
  return { message: await get<MessageDetail>(address, {}, { fetch }) };
};
