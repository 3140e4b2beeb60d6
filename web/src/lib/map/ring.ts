/** The ring around a cluster: which share of its projects stands in a finding. Pure, for drawing on a canvas. */

/** One arc, angles in radians clockwise from the top, as `CanvasRenderingContext2D.arc` takes them. */
export type Arc = { from: number; to: number; kind: 'alert' | 'review' | 'rest' };

/** Shares are drawn in this many steps, so that few pictures have to be kept. */
export const RING_STEPS = 12;

const TOP = -Math.PI / 2;
const TURN = 2 * Math.PI;

/** Steps for `part` of `total`: never 0 where there is one, never all where one is missing. */
export function ringStep(part: number, total: number): number {
  if (total <= 0 || part <= 0) return 0;
  if (part >= total) return RING_STEPS;
  return Math.min(RING_STEPS - 1, Math.max(1, Math.round((part / total) * RING_STEPS)));
}

/** The arcs of a ring: alerts first from the top, then reviews, then the rest. */
export function ringArcs(alertSteps: number, reviewSteps: number): Arc[] {
  const alert = Math.min(RING_STEPS, Math.max(0, alertSteps));
  const review = Math.min(RING_STEPS - alert, Math.max(0, reviewSteps));
  const at = (step: number) => TOP + (TURN * step) / RING_STEPS;
  const arcs: Arc[] = [
    { from: at(0), to: at(alert), kind: 'alert' },
    { from: at(alert), to: at(alert + review), kind: 'review' },
    { from: at(alert + review), to: at(RING_STEPS), kind: 'rest' }
  ];
  return arcs.filter((arc) => arc.to > arc.from);
}

/** The name of a cluster's picture, and back. */
export function clusterIcon(size: ClusterSize, alertSteps: number, reviewSteps: number): string {
  return `cluster-${size}-${alertSteps}-${reviewSteps}`;
}

export type ClusterSize = 's' | 'm' | 'l';

export function parseClusterIcon(
  name: string
): { size: ClusterSize; alert: number; review: number } | null {
  const match = /^cluster-([sml])-(\d+)-(\d+)$/.exec(name);
  if (!match) return null;
  return { size: match[1] as ClusterSize, alert: Number(match[2]), review: Number(match[3]) };
}
