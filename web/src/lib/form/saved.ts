/** What the form of a project keeps until it is sent or thrown away. */
import { forgetDraft, keepDraft, keptDraft } from '$lib/drafts/kept';
import type { Footprint } from './footprint';
import type { Draft, Values } from './values';

/** What a form begins with. */
export type Start = {
  /** the id that the project gets, kept for every retry */
  id: string;
  values: Values;
  footprint: Footprint;
  reason: string;
};

export type Saved = Start & {
  /** of a correction: what it started from */
  base: Draft | null;
};

export function keep(name: string, saved: Saved): void {
  keepDraft(`form.${name}`, saved);
}

export function kept(name: string): (Saved & { at: number }) | null {
  const found = keptDraft<Saved>(`form.${name}`);
  return found && { ...found.value, at: found.at };
}

export function forget(name: string): void {
  forgetDraft(`form.${name}`);
}
