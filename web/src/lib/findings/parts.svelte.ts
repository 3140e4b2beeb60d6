/** What a finding gathers over the years and answers by page: its newest come with it, older ones when asked for. */
import { untrack } from 'svelte';
import { Listing } from '$lib/api/listing.svelte';
import type { Finding } from '$lib/api/types';

type Part = 'comments' | 'decisions' | 'messages';

/** Newest first; begins anew with each answer about the finding. To be called while a component is made. */
export function partOf<P extends Part>(
  part: P,
  finding: () => Finding
): Listing<Finding[P][number]> {
  const list = new Listing<Finding[P][number]>(`/findings/${untrack(finding).id}/${part}`);
  $effect.pre(() => {
    const now = finding();
    const page = { items: now[part], next: now[`${part}_next` as const] };
    untrack(() => list.begin(page));
  });
  return list;
}
