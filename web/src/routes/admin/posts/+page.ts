import { firstPage } from '$lib/api/listing.svelte';
import type { Post } from '$lib/api/types';
import { allowed } from '$lib/guard';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent, fetch, depends, url }) => {
  depends('tapak:posts');
  await allowed(parent, 'manage_people');
  const region = url.searchParams.get('region') ?? '';
  return {
    region,
    list: await firstPage<Post>('/posts', region ? { region } : {}, { fetch, limit: 50 })
  };
};
