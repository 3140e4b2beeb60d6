/**
 * What changes on the server, as it changes: one stream for the whole page. Whoever shows something listens, and asks for it
 * anew. Without the stream everything works as it did: what is shown is as it was when it was loaded.
 */
import { Changes, type Told } from './changes';
import { BASE } from './client';

export type Listener = (changes: Changes) => void;

/** Changes that come one upon another are told once. */
const GATHER_MS = 300;
/** After a refusal (too many streams, a server of before) the browser does not come again by itself. */
const AGAIN_MS = 30_000;

export class Events {
  private readonly listeners = new Set<Listener>();
  private source: EventSource | null = null;
  private pending = new Changes();
  private gathering: ReturnType<typeof setTimeout> | undefined;
  private again: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly make = () => new EventSource(`${BASE}/events`),
    private readonly page: Pick<
      Document,
      'visibilityState' | 'addEventListener' | 'removeEventListener'
    > = document
  ) {}

  /** Calls back after each change; returns what ends that. */
  listen(listener: Listener): () => void {
    this.listeners.add(listener);
    if (this.listeners.size === 1) {
      this.page.addEventListener('visibilitychange', this.seen);
      this.open();
    }
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0) return;
      this.page.removeEventListener('visibilitychange', this.seen);
      this.close();
    };
  }

  /** Somebody else is signed in now: the stream of before hears what that one may hear. */
  restart(): void {
    if (this.source === null) return;
    this.close();
    this.open();
  }

  /** A page that nobody sees hears nothing, and afterwards asks for all. */
  private readonly seen = (): void => {
    if (this.page.visibilityState === 'hidden') return this.close();
    if (this.source === null) {
      this.open();
      this.missed();
    }
  };

  private open(): void {
    if (this.source !== null || this.page.visibilityState === 'hidden') return;
    const source = (this.source = this.make());
    source.addEventListener('change', ({ data }: MessageEvent<string>) => {
      this.pending.add(JSON.parse(data) as Told);
      this.gather();
    });
    source.addEventListener('reset', () => this.missed());
    // While it tries again by itself, it goes on where it broke off; else we do, later.
    source.addEventListener('error', () => {
      if (source !== this.source || source.readyState !== EventSource.CLOSED) return;
      this.close();
      this.again = setTimeout(() => {
        this.open();
        this.missed();
      }, AGAIN_MS);
    });
  }

  private close(): void {
    clearTimeout(this.again);
    clearTimeout(this.gathering);
    this.gathering = undefined;
    this.source?.close();
    this.source = null;
  }

  private missed(): void {
    this.pending = Changes.everything();
    this.gather();
  }

  private gather(): void {
    this.gathering ??= setTimeout(() => {
      const changes = this.pending;
      this.pending = new Changes();
      this.gathering = undefined;
      for (const listener of [...this.listeners]) listener(changes);
    }, GATHER_MS);
  }
}

export const events = new Events(
  undefined,
  typeof document === 'undefined'
    ? { visibilityState: 'hidden', addEventListener: () => {}, removeEventListener: () => {} }
    : document
);
