/** Evidence as it is drawn: the longest bar is the strongest, for or against. */
import type { Evidence } from '$lib/api/types';

export type Bar = { side: 'for' | 'against' | 'none'; share: number };

/** Bars of fewer bits than this all look alike: a small scale would exaggerate. */
const LEAST_SCALE = 4;

export function scaleOf(evidence: readonly Pick<Evidence, 'bits'>[]): number {
  return Math.max(LEAST_SCALE, ...evidence.map((one) => Math.abs(one.bits)));
}

export function barOf(bits: number, scale: number): Bar {
  if (Math.abs(bits) < 0.05) return { side: 'none', share: 0 };
  return { side: bits > 0 ? 'for' : 'against', share: Math.min(1, Math.abs(bits) / scale) };
}

/** Strongest first; what says nothing is left out. */
export function telling<T extends Pick<Evidence, 'bits'>>(evidence: readonly T[]): T[] {
  return evidence
    .filter((one) => Math.abs(one.bits) >= 0.05)
    .toSorted((a, b) => Math.abs(b.bits) - Math.abs(a.bits));
}
