/**
 * A draft that gets an id of its own is filled in in one tab at a time: sent from two, the second would be refused. The
 * tab that opened it last has it; the others say so, and can take it back with a Hold of their own. Made once the
 * session is known:
 *
 *     let held = $state.raw(new Hold(subject));
 *     <svelte:window onstorage={(event) => held.hear(event)} />
 *     <DraftNote isElsewhere={held.isElsewhere} ontake={…} />
 *     if (held.isOurs()) await post(…);
 */
import { v7 } from 'uuid';
import { keyOf } from './kept';

export class Hold {
  /** From then on for good: what is shown here may be older than what is kept. */
  isElsewhere = $state(false);
  private readonly me = v7();
  private readonly key: string;

  constructor(subject: string) {
    this.key = `${keyOf(subject)}.tab`;
    try {
      localStorage.setItem(this.key, this.me);
    } catch {
      // No draft is kept then, and none is shared.
    }
  }

  /** Asked before sending: a page that slept has heard nothing. */
  isOurs(): boolean {
    try {
      const holder = localStorage.getItem(this.key);
      if (holder !== null && holder !== this.me) this.isElsewhere = true;
    } catch {
      // Forbidden: no other tab reads it either.
    }
    return !this.isElsewhere;
  }

  hear({ key }: Pick<StorageEvent, 'key'>): void {
    if (key === this.key) this.isOurs();
  }

  /** The draft is sent: nobody need hold it. */
  release(): void {
    try {
      if (this.isOurs()) localStorage.removeItem(this.key);
    } catch {
      // Nothing was kept then.
    }
  }
}
