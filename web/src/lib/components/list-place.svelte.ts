/**
 * Back returns to the same row of a list: as many pages as were shown, scrolled to the same place, the keyboard on the
 * link that was followed. Make it while the page begins, and export its snapshot:
 *
 *     let { data }: PageProps = $props();
 *     export const snapshot = new ListPlace(() => data.list).snapshot;
 */
import { tick, untrack } from 'svelte';
import type { Listing } from '$lib/api/listing.svelte';

type Place = { length: number; top: number; link: string | null };

export class ListPlace<T extends { id: string }> {
  private sought = $state.raw<Place | null>(null);

  constructor(private readonly list: () => Listing<T>) {
    $effect(() => {
      const { sought } = this;
      const list = this.list();
      const { state, items, page } = list;
      if (!sought || state === 'loading' || state === 'growing') return;
      if (state === 'ready' && items.length < sought.length && page.next !== null) {
        untrack(() => void list.more());
        return;
      }
      this.sought = null;
      void tick().then(() => goTo(sought));
    });
  }

  readonly snapshot = {
    capture: (): Place => {
      const focused = document.activeElement;
      return {
        length: this.list().items.length,
        top: main()?.scrollTop ?? 0,
        link: focused instanceof HTMLAnchorElement ? focused.getAttribute('href') : null
      };
    },
    restore: (place: Place): void => {
      this.sought = place;
    }
  };
}

function goTo({ top, link }: Place): void {
  const scrolled = main();
  if (!scrolled) return;
  if (link !== null) {
    scrolled
      .querySelector<HTMLElement>(`a[href="${CSS.escape(link)}"]`)
      ?.focus({ preventScroll: true });
  }
  scrolled.scrollTop = top;
}

/** What scrolls: the frame's content, not the window. */
function main(): HTMLElement | null {
  return document.getElementById('content');
}
