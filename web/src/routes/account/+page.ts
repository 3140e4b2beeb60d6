import { get } from '$lib/api/client';
import type { OpenSession } from '$lib/api/types';
import { signedIn } from '$lib/guard';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent, fetch, depends }) => {
  depends('tapak:sessions');
  const { login } = await signedIn(parent);
  const { items } = await get<{ items: OpenSession[] }>('/account/sessions', {}, { fetch });
  return { login, sessions: items };
};
