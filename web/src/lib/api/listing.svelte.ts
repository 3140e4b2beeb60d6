/** A list of the server that grows by key paging and keeps its place. */
import { grown } from '$lib/domain/lists';
import { get, Problem, type Query } from './client';
import type { Page } from './types';

/** rows that are asked for again at once */
const MOST_AGAIN = 200;

export class Listing<T extends { id: string }> {
  page = $state.raw<Page<T>>({ items: [], next: null });
  state = $state<'loading' | 'ready' | 'growing' | 'failed'>('loading');
  problem = $state.raw<unknown>(null);
  private current: AbortController | null = null;
  private query: Query = {};

  constructor(
    private readonly path: string,
    private readonly limit = 50
  ) {}

  get items(): T[] {
    return this.page.items;
  }
  get isEmpty(): boolean {
    return this.state === 'ready' && this.page.items.length === 0;
  }

  /** Begins anew; a newer call ends an older one. What is shown stays until the answer is there. */
  async load(query: Query, fetcher?: typeof fetch): Promise<void> {
    this.query = query;
    await this.ask(null, fetcher);
  }

  /** Begins with a page that came with something else. */
  begin(page: Page<T>, query: Query = {}): void {
    this.current?.abort();
    this.query = query;
    this.page = page;
    this.state = 'ready';
    this.problem = null;
  }

  async more(): Promise<void> {
    if (this.page.next !== null) await this.ask(this.page.next);
  }

  retry(): Promise<void> {
    return this.ask(null);
  }

  /** Asks again for what is shown, without a word: something of it may have changed. What lies further down stays as it is. */
  async refresh(): Promise<void> {
    if (this.state !== 'ready') return;
    this.current?.abort();
    const { signal } = (this.current = new AbortController());
    const limit = Math.min(Math.max(this.limit, this.page.items.length), MOST_AGAIN);
    try {
      const answer = await get<Page<T>>(this.path, { ...this.query, limit }, { signal });
      if (signal.aborted) return;
      const further = this.page.items.slice(limit);
      const page = { items: answer.items, next: answer.next ?? null };
      this.page =
        further.length === 0 ? page : grown(page, { items: further, next: this.page.next });
    } catch {
      // What is shown stays.
    }
  }

  private async ask(after: string | null, fetcher?: typeof fetch): Promise<void> {
    this.current?.abort();
    const { signal } = (this.current = new AbortController());
    this.state = after === null ? 'loading' : 'growing';
    this.problem = null;
    try {
      const query = { ...this.query, limit: this.limit, after };
      const answer = await get<Page<T>>(this.path, query, { signal, fetch: fetcher });
      if (signal.aborted) return;
      const page = { items: answer.items, next: answer.next ?? null };
      this.page = after === null ? page : grown(this.page, page);
      this.state = 'ready';
    } catch (reason) {
      if (signal.aborted) return;
      this.problem = reason;
      this.state = 'failed';
    }
  }
}

/**
 * A list with its first page, for a page's `load`. A refusal is shown in the list's place, where its filters stay at
 * hand; only who must sign in is sent to the error page.
 */
export async function firstPage<T extends { id: string }>(
  path: string,
  query: Query,
  { fetch: fetcher, limit }: { fetch: typeof fetch; limit?: number }
): Promise<Listing<T>> {
  const list = new Listing<T>(path, limit);
  await list.load(query, fetcher);
  if (list.problem instanceof Problem && list.problem.status === 401) throw list.problem;
  return list;
}
