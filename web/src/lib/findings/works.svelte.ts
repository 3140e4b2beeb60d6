/** The works of a finding, as many beside each other as there is room for; further ones are asked for when somebody goes on to them. */
import { get } from '$lib/api/client';
import type { Finding, Members } from '$lib/api/types';

/** So many are told apart by their colours, and stand beside each other on paper. */
export const BESIDE = 4;
/** Fewer cannot be compared. */
const FEWEST = 2;

export class Works {
  page = $state.raw<Members>({ items: [], footprints: [], compared: [], next: null });
  /** the first of those that stand beside each other */
  from = $state(0);
  state = $state<'ready' | 'loading'>('ready');
  problem = $state.raw<unknown>(null);
  private current: AbortController | null = null;
  /** how many stand beside each other here */
  many = $state(BESIDE);
  readonly beside = $derived(this.page.items.slice(this.from, this.from + this.many));

  constructor(private readonly finding: Finding) {
    const { members: items, footprints, compared, members_next: next } = finding;
    this.page = { items, footprints, compared, next };
  }

  get total(): number {
    return this.finding.members_total;
  }
  get hasNext(): boolean {
    return this.from + this.many < this.total;
  }

  /** There is room for so many: those that were shown stay in sight. */
  fit(room: number): void {
    const many = Math.min(BESIDE, Math.max(FEWEST, room));
    if (many === this.many) return;
    this.many = many;
    this.from -= this.from % many;
  }

  /** Goes on to the next ones, or back. */
  async turn(steps: 1 | -1): Promise<void> {
    const from = Math.max(0, this.from + steps * this.many);
    if (from + this.many > this.page.items.length && this.page.next !== null) await this.more();
    if (from < this.page.items.length) this.from = from;
  }

  /** Ends what is under way: somebody left. */
  leave(): void {
    this.current?.abort();
  }

  private async more(): Promise<void> {
    this.current?.abort();
    const { signal } = (this.current = new AbortController());
    this.state = 'loading';
    this.problem = null;
    try {
      const path = `/findings/${this.finding.id}/members`;
      const found = await get<Members>(path, { after: this.page.next }, { signal });
      if (signal.aborted) return;
      this.page = {
        items: [...this.page.items, ...found.items],
        footprints: [...this.page.footprints, ...found.footprints],
        compared: [...this.page.compared, ...found.compared],
        next: found.next
      };
    } catch (reason) {
      if (!signal.aborted) this.problem = reason;
    } finally {
      if (!signal.aborted) this.state = 'ready';
    }
  }
}
