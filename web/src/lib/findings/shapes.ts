/** A finding as its small map draws it. Pure. */
import type { Finding } from '$lib/api/types';
import type { MiniShape } from '$lib/map/mini-layers';

/** A, B, C…: how the page calls the works of a finding. */
export function letterOf(index: number): string {
  return index < 26 ? String.fromCharCode(65 + index) : String(index + 1);
}

export function shapesOf(finding: Pick<Finding, 'footprints' | 'pairs'>): MiniShape[] {
  const works = finding.footprints.flatMap(({ parts }, i) =>
    parts.map((geometry): MiniShape => ({ geometry, role: i === 0 ? 'first' : 'second' }))
  );
  const shared = finding.pairs.flatMap((pair) =>
    pair.shared.map((geometry): MiniShape => ({ geometry, role: 'shared' }))
  );
  return [...shared, ...works];
}
