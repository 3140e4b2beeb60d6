/** The list beside the map: its order, and what of it is in view. Pure. */
import type { Placed, PlacedFinding } from './features';
import { touches, type Bounds } from './geometry';

const SEVERITY = { alert: 0, review: 1, note: 2 };

const collator = new Intl.Collator('id');

/** Those in a finding first, then the newest. Sorted once: 20,000 are too many to sort at each move. */
export function sortProjects(projects: readonly Placed[]): Placed[] {
  const rank = (project: Placed) => (project.alert ? 0 : project.findings > 0 ? 1 : 2);
  return projects.toSorted(
    (a, b) => rank(a) - rank(b) || b.year - a.year || collator.compare(a.title, b.title)
  );
}

/** Alerts first, then by the money in question. */
export function sortFindings(findings: readonly PlacedFinding[]): PlacedFinding[] {
  const rank = (finding: PlacedFinding) => SEVERITY[finding.severity ?? 'note'];
  return findings.toSorted((a, b) => rank(a) - rank(b) || (b.rupiah ?? 0) - (a.rupiah ?? 0));
}

/** What the map shows; what has no place is not in view. Without a view (no map) it is all of them. */
export function inView<T extends { box: Bounds | null }>(
  all: readonly T[],
  view: Bounds | null
): readonly T[] {
  if (!view) return all;
  return all.filter((one) => one.box !== null && touches(one.box, view));
}
