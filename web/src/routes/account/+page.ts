import { get } from '$lib/api/client';
import type { OpenSession } from '$lib/api/types';
import { allowed } from '$lib/guard';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent, fetch, depends }) => {
  depends('tapak:sessions');
  const { login } = await allowed(parent, 'manage_own_account');
  const { items } = await get<{ items: OpenSession[] }>('/account/sessions', {}, { fetch });
  return { login, sessions: items };
};
