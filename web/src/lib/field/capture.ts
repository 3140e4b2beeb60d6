/** The place of a photo: where this device was as it was taken, and only if that is known. Pure. */
import type { Capture } from '$lib/api/types';
import type { Fix } from './position';

/** A fix stands for a photo while the person cannot have walked away from it. */
const FRESH_MS = 60_000;
/** A picture from the gallery is of this place if it is of this moment. */
const JUST_TAKEN_MS = 10 * 60_000;

export type Source = 'camera' | 'gallery';

/** A picture that was taken some time ago says nothing about where the device is now. */
export function isOfNow(source: Source, modified_at: number, now: number): boolean {
  if (source === 'camera') return true;
  return modified_at > 0 && Math.abs(now - modified_at) <= JUST_TAKEN_MS;
}

export function isFresh(fix: Pick<Fix, 'at'>, now: number): boolean {
  return Math.abs(now - fix.at) <= FRESH_MS;
}

/** As the API takes it; null where nothing is known that would be true. */
export function captureOf(fix: Fix | null, taken_at: number | null): Capture | null {
  if (!fix && taken_at === null) return null;
  return {
    lon: fix?.lon ?? null,
    lat: fix?.lat ?? null,
    accuracy_m: fix?.accuracy_m ?? null,
    heading_deg: fix?.heading_deg ?? null,
    taken_at: taken_at === null ? null : new Date(taken_at).toISOString()
  };
}
