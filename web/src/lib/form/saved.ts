/** What was typed survives a reload: kept in this tab (sessionStorage) until it is sent or thrown away. */
import type { Footprint } from './footprint';
import type { Draft, Values } from './values';

export type Saved = {
  /** the id that the project gets, kept for every retry */
  id: string;
  values: Values;
  footprint: Footprint;
  reason: string;
  /** of a correction: what it started from */
  base: Draft | null;
  /** milliseconds since 1970 */
  at: number;
};

const KEY = 'tapak.draft.2.';

export function keep(name: string, saved: Saved): void {
  try {
    sessionStorage.setItem(KEY + name, JSON.stringify(saved));
  } catch {
    // Full or forbidden: the form works, only a reload would lose it.
  }
}

export function kept(name: string): Saved | null {
  try {
    const text = sessionStorage.getItem(KEY + name);
    return text === null ? null : (JSON.parse(text) as Saved);
  } catch {
    return null;
  }
}

export function forget(name: string): void {
  try {
    sessionStorage.removeItem(KEY + name);
  } catch {
    // Nothing was kept then.
  }
}
