import { get } from '$lib/api/client';
import type { OpenSession, OwnPost, SecondFactor } from '$lib/api/types';
import { allowed } from '$lib/guard';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent, fetch, depends }) => {
  depends('tapak:sessions', 'tapak:own-posts');
  const { login } = await allowed(parent, 'manage_own_account');
  const [sessions, posts, factor] = await Promise.all([
    get<{ items: OpenSession[] }>('/account/sessions', {}, { fetch }),
    get<{ items: OwnPost[] }>('/account/posts', {}, { fetch }),
    get<SecondFactor>('/account/second-factor', {}, { fetch })
  ]);
  return { login, sessions: sessions.items, posts: posts.items, factor };
};
