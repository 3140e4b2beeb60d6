/** A finding as it stands open on its page: its works, its pairs, and what was decided here just now. */
import { get } from '$lib/api/client';
import { events } from '$lib/api/events';
import { Listing } from '$lib/api/listing.svelte';
import type { Decision, Finding, FindingSummary, Pair } from '$lib/api/types';
import { session } from '$lib/session.svelte';
import { shapesOf } from './shapes';
import { BESIDE, Works } from './works.svelte';

type StoredPair = Pair & { id: string };

export class OpenFinding {
  finding: Finding = $state.raw() as Finding;
  works: Works = $state.raw() as Works;
  pairs: Listing<StoredPair> = $state.raw() as Listing<StoredPair>;
  /** what was decided here just now */
  decided = $state.raw<Decision | null>(null);
  /** of a summary of many alerts: each of them */
  readonly inside = new Listing<FindingSummary>('/findings');
  readonly shapes = $derived(
    shapesOf(this.works.page.footprints, this.pairs.items, this.works.beside, this.works.page.items)
  );

  constructor(finding: Finding) {
    this.show(finding);
    // An open one speaks of those that are open: as many as it says.
    const state = finding.state === 'open' ? finding.state : null;
    if (finding.kind === 'many_alerts') void this.inside.load({ summary: finding.id, state });
  }

  /** The answer to what was done here; a decision changes the number of open findings on the rail, too. */
  readonly changed = (next: Finding, decision?: Decision): void => {
    const { from } = this.works;
    this.works.leave();
    this.show(next);
    this.works.from = from < next.members.length ? from : 0;
    this.decided = decision ?? null;
    void session.load();
  };

  /** Shows what others do to it meanwhile. To be called while a component is made. */
  watch(): void {
    $effect(() =>
      events.listen((changes) => {
        if (changes.has('findings', this.finding.id)) void this.look();
      })
    );
  }

  private async look(): Promise<void> {
    try {
      const found = await get<Finding>(`/findings/${this.finding.id}`);
      if (JSON.stringify(found) === JSON.stringify(this.finding)) return;
      const { from } = this.works;
      this.works.leave();
      this.show(found);
      this.works.from = from < found.members.length ? from : 0;
    } catch {
      // What is shown stays.
    }
  }

  /** The works by so many as stand beside each other; on paper nobody turns pages: all that is loaded, four by four. */
  tables(printing: boolean): { from: number; members: Finding['members'] }[] {
    const { works } = this;
    if (!printing) return [{ from: works.from, members: works.beside }];
    const { items } = works.page;
    const froms = items.flatMap((_, at) => (at % BESIDE === 0 ? [at] : []));
    return froms.map((from) => ({ from, members: items.slice(from, from + BESIDE) }));
  }

  private show(finding: Finding): void {
    this.finding = finding;
    this.works = new Works(finding);
    this.pairs = new Listing<StoredPair>(`/findings/${finding.id}/pairs`, 20);
    this.pairs.begin({ items: finding.pairs.filter(isStored), next: finding.pairs_next });
  }
}

function isStored(pair: Pair): pair is StoredPair {
  return pair.id !== null;
}
