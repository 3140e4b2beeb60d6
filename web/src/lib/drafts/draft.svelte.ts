/**
 * A text that survives leaving the page. Make it while a component begins, and only once the session is known (inside
 * `{#if session.user}`), since a draft belongs to a person:
 *
 *     const reason = draft(`withdraw.${project.id}`, '');
 *     <textarea bind:value={reason.value}></textarea>
 *     <DraftNote at={reason.restoredAt} ondiscard={() => reason.discard()} />
 *     await post(…); reason.sent();
 *
 * The subject names what is written and what about, for instance `decide.<finding>` or `comment.<finding>`. Objects work
 * too. Every tab shows the same. What equals the first value is not kept.
 */
import { untrack } from 'svelte';
import { forgetDraft, keepDraft, keptDraft, keyOf } from './kept';

export class Draft<T> {
  value = $state() as T;
  /** when what was restored had been typed; null where nothing was restored */
  restoredAt = $state<number | null>(null);
  /** the browser kept nothing of the last change */
  isRefused = $state(false);
  private text: string;
  private readonly untouched: string;

  constructor(
    private readonly subject: string,
    private readonly initial: T
  ) {
    const kept = keptDraft<T>(subject);
    this.untouched = JSON.stringify(initial);
    this.value = kept ? kept.value : structuredClone(initial);
    this.restoredAt = kept?.at ?? null;
    this.text = JSON.stringify(this.value);
  }

  /** Keeps what changed since the last time; called by `draft` whenever the value changes. */
  keep(): void {
    const text = JSON.stringify(this.value);
    if (text === this.text) return;
    this.text = text;
    if (text === this.untouched) forgetDraft(this.subject);
    else this.isRefused = !keepDraft(this.subject, $state.snapshot(this.value));
  }

  /** Another tab typed, sent, or threw away: the same is here. */
  hear({ key }: Pick<StorageEvent, 'key'>): void {
    if (key !== keyOf(this.subject)) return;
    const kept = keptDraft<T>(this.subject);
    const text = kept ? JSON.stringify(kept.value) : this.untouched;
    if (text === this.text) return;
    this.text = text;
    this.value = kept ? kept.value : structuredClone(this.initial);
    this.restoredAt = kept?.at ?? null;
  }

  /** The server has it. */
  sent(): void {
    forgetDraft(this.subject);
    this.restoredAt = null;
    this.value = structuredClone(this.initial);
    this.text = this.untouched;
  }

  /** The person does not want it. */
  discard(): void {
    this.sent();
  }
}

export function draft<T>(subject: string, initial: T): Draft<T> {
  const made = new Draft(subject, initial);
  $effect(() => {
    void JSON.stringify(made.value);
    untrack(() => made.keep());
  });
  $effect(() => {
    const hear = (event: StorageEvent) => made.hear(event);
    window.addEventListener('storage', hear);
    return () => window.removeEventListener('storage', hear);
  });
  return made;
}
