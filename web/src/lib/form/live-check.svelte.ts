/** Asks the server, while somebody types, what stands near by. Nothing is saved. The last question wins. */
import { post, Problem } from '$lib/api/client';
import type { Check } from '$lib/api/types';
import type { Draft } from './values';

const PAUSE_MS = 400;

export class LiveCheck {
  result = $state.raw<Check | null>(null);
  problem = $state.raw<Problem | null>(null);
  asking = $state(false);
  private timer: ReturnType<typeof setTimeout> | undefined;
  private question: AbortController | undefined;
  private asked = '';

  /** Null where title, village or footprint are still missing. */
  ask(draft: (Draft & { id: string }) | null): void {
    const body = draft ? JSON.stringify(draft) : '';
    if (body === this.asked) return;
    this.stop();
    this.asked = body;
    if (!draft) {
      this.result = null;
      this.problem = null;
      return;
    }
    this.asking = true;
    this.timer = setTimeout(() => void this.send(draft), PAUSE_MS);
  }

  retry(draft: (Draft & { id: string }) | null): void {
    this.asked = '';
    this.ask(draft);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.question?.abort();
    this.asking = false;
  }

  private async send(draft: Draft & { id: string }) {
    const question = new AbortController();
    this.question = question;
    try {
      this.result = await post<Check>('/projects/check', draft, { signal: question.signal });
      this.problem = null;
    } catch (reason) {
      if (question.signal.aborted) return;
      // Asked more often than allowed: what is shown stays, and the same is asked again in a while.
      if (reason instanceof Problem && reason.status === 429) {
        this.timer = setTimeout(() => void this.send(draft), 1000 * (reason.retryAfterS ?? 1));
        return;
      }
      this.result = null;
      this.problem = reason instanceof Problem ? reason : new Problem(0, { code: 'away' });
    }
    if (this.question === question) this.asking = false;
  }
}
