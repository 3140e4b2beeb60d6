/**
 * What somebody typed and has not sent: kept in this browser, by person and subject, so that it survives a reload,
 * leaving, Back, another tab and a session that ended. Cleared when it is sent or thrown away. Pages use `draft` of
 * `draft.svelte.ts`; a form with state of its own uses the functions here.
 */
import { session } from '$lib/session.svelte';

export type Kept<T> = { value: T; /** milliseconds since 1970 */ at: number };

const KEY = 'tapak.draft.4';
/** What nobody came back to for so long is forgotten. */
const MOST_DAYS = 30;

/** False where the browser has no room, or keeps nothing: the form works, only leaving it would lose it. */
export function keepDraft<T>(subject: string, value: T, at = Date.now()): boolean {
  try {
    localStorage.setItem(keyOf(subject), JSON.stringify({ value, at } satisfies Kept<T>));
    return true;
  } catch {
    return false;
  }
}

export function keptDraft<T>(subject: string, now = Date.now()): Kept<T> | null {
  const key = keyOf(subject);
  try {
    const text = localStorage.getItem(key);
    if (text === null) return null;
    const found = JSON.parse(text) as Kept<T>;
    if (now - found.at <= MOST_DAYS * 86_400_000) return found;
    localStorage.removeItem(key);
  } catch {
    // Forbidden, or not ours to read: begin anew.
  }
  return null;
}

export function forgetDraft(subject: string): void {
  try {
    localStorage.removeItem(keyOf(subject));
  } catch {
    // Nothing was kept then.
  }
}

/** Where the browser keeps it. A computer is shared: nobody finds the draft of another. */
export function keyOf(subject: string): string {
  return `${KEY}.${session.user?.id ?? 'nobody'}.${subject}`;
}
