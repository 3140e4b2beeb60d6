import { get } from '$lib/api/client';
import type { OpenSession, OwnPost } from '$lib/api/types';
import { allowed } from '$lib/guard';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent, fetch, depends }) => {
  depends('tapak:sessions', 'tapak:own-posts');
  const { login } = await allowed(parent, 'manage_own_account');
  const [sessions, posts] = await Promise.all([
    get<{ items: OpenSession[] }>('/account/sessions', {}, { fetch }),
    get<{ items: OwnPost[] }>('/account/posts', {}, { fetch })
  ]);
  return { login, sessions: sessions.items, posts: posts.items };
};
