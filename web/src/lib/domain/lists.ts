/** A list that grows page by page. */
import type { Page } from '$lib/api/types';

/** What was there, then what is new of the next page: a row that moved meanwhile is not shown twice. */
export function merge<T extends { id: string }>(known: readonly T[], more: readonly T[]): T[] {
  const ids = new Set(known.map((one) => one.id));
  return [...known, ...more.filter((one) => !ids.has(one.id))];
}

export function grown<T extends { id: string }>(known: Page<T>, more: Page<T>): Page<T> {
  return { items: merge(known.items, more.items), next: more.next };
}

/** Facts in one line: what is not there is left out. */
export function line(parts: readonly (string | number | null | undefined | false)[]): string {
  return parts
    .filter((part) => part !== null && part !== undefined && part !== false && part !== '')
    .join(' · ');
}
