import { v7 } from 'uuid';
import { get } from '$lib/api/client';
import type { Held, Page, Village } from '$lib/api/types';
import { kept, type Start } from '$lib/form/saved';
import { emptyValues } from '$lib/form/values';
import { allowed } from '$lib/guard';
import { findStage } from '$lib/start/stage';
import type { PageLoad } from './$types';

/** What was kept, or an empty form; null where no village can be chosen yet: a form could not be sent. */
export const load: PageLoad = async ({ parent, fetch, depends }) => {
  depends('tapak:new');
  const user = await allowed(parent, 'register_project');
  const before = kept('new');
  if (before) return { start: before, restoredAt: before.at };
  // Without an answer the form is the better guess.
  const [stage, village] = await Promise.all([
    findStage({ fetch }).catch(() => null),
    ownVillage(user.posts, fetch).catch(() => null)
  ]);
  if (stage === 'villages') return { start: null, restoredAt: null };
  const values = { ...emptyValues(new Date().getFullYear()), village };
  const start: Start = { id: v7(), values, footprint: { how: 'map', parts: [] }, reason: '' };
  return { start, restoredAt: null };
};

/** Of who answers for one village: it is filled in. */
async function ownVillage(posts: Held[], fetcher: typeof fetch): Promise<Village | null> {
  const regions = new Set(posts.map((held) => held.region_code));
  const [region] = regions;
  if (!region || regions.size > 1) return null;
  const query = { q: region, limit: 2 };
  const { items } = await get<Page<Village>>('/villages', query, { fetch: fetcher });
  return items[0]?.code === region ? items[0] : null;
}
