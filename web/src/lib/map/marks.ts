/** Draws the marks of the map (a project by status, with the rings of its findings; a cluster) on a canvas. */
import type { Palette } from './palette';
import { parseClusterIcon, ringArcs, type ClusterSize } from './ring';

export type Ring = 'none' | 'alert' | 'review';

/** CSS pixels of a mark's picture: room for the double ring around the sign. */
export const MARK_SIZE = 30;
const CLUSTER_SIZES: Record<ClusterSize, number> = { s: 34, m: 42, l: 52 };

export function markIcon(status: string, ring: Ring): string {
  return `mark-${status}-${ring}`;
}

/** The picture with that name, or null where the name is not one of ours. */
export function drawIcon(name: string, palette: Palette, pixelRatio: number): ImageData | null {
  const cluster = parseClusterIcon(name);
  if (cluster) {
    return onCanvas(CLUSTER_SIZES[cluster.size], pixelRatio, (ctx, size) =>
      drawCluster(ctx, size, cluster.alert, cluster.review, palette)
    );
  }
  const mark = /^mark-([a-z_]+)-(none|alert|review)$/.exec(name);
  if (!mark) return null;
  return onCanvas(MARK_SIZE, pixelRatio, (ctx, size) => {
    drawRings(ctx, size / 2, mark[2] as Ring, palette);
    drawStatus(ctx, size / 2, mark[1] ?? '', palette);
  });
}

function onCanvas(
  size: number,
  pixelRatio: number,
  draw: (ctx: CanvasRenderingContext2D, size: number) => void
): ImageData | null {
  const canvas = document.createElement('canvas');
  canvas.width = canvas.height = Math.round(size * pixelRatio);
  const ctx = canvas.getContext('2d', { willReadFrequently: true });
  if (!ctx) return null;
  ctx.scale(pixelRatio, pixelRatio);
  ctx.lineCap = 'round';
  ctx.lineJoin = 'round';
  draw(ctx, size);
  return ctx.getImageData(0, 0, canvas.width, canvas.height);
}

function drawRings(
  ctx: CanvasRenderingContext2D,
  middle: number,
  ring: Ring,
  palette: Palette
): void {
  if (ring === 'none') return;
  circle(ctx, middle, 14.6, { fill: palette.casing });
  const line = ring === 'alert' ? palette.alert : palette.review;
  circle(ctx, middle, 13.4, { line, width: 1.6 });
  circle(ctx, middle, 10.2, { line, width: 1.6 });
}

/** The sign of a status around the middle, about 16 px wide. */
function drawStatus(
  ctx: CanvasRenderingContext2D,
  middle: number,
  status: string,
  palette: Palette
): void {
  const r = 6.6;
  circle(ctx, middle, r + 1.6, { fill: palette.casing });
  switch (status) {
    case 'proposed':
      circle(ctx, middle, r - 0.9, { line: palette.quiet, width: 1.8, dash: [1.2, 3.1] });
      return;
    case 'planned':
      circle(ctx, middle, r - 0.9, { line: palette.quiet, width: 1.9 });
      return;
    case 'approved':
      circle(ctx, middle, r - 0.9, { line: palette.quiet, width: 1.9 });
      circle(ctx, middle, 2.3, { fill: palette.quiet });
      return;
    case 'running':
      circle(ctx, middle, r, { fill: palette.running });
      path(
        ctx,
        middle,
        palette.sign,
        [
          [-2, -3.2],
          [3.4, 0],
          [-2, 3.2]
        ],
        'fill'
      );
      return;
    case 'finished':
      circle(ctx, middle, r, { fill: palette.done });
      path(
        ctx,
        middle,
        palette.sign,
        [
          [-3, 0.2],
          [-0.9, 2.4],
          [3.1, -2.3]
        ],
        'line'
      );
      return;
    case 'handed_over':
      square(ctx, middle, r, palette.done);
      path(
        ctx,
        middle,
        palette.sign,
        [
          [-3, 0.2],
          [-0.9, 2.4],
          [3.1, -2.3]
        ],
        'line'
      );
      return;
    case 'halted':
      circle(ctx, middle, r, { fill: palette.halted });
      path(
        ctx,
        middle,
        palette.sign,
        [
          [-2.4, -2.4],
          [2.4, 2.4]
        ],
        'line'
      );
      path(
        ctx,
        middle,
        palette.sign,
        [
          [2.4, -2.4],
          [-2.4, 2.4]
        ],
        'line'
      );
      return;
    case 'cancelled':
      circle(ctx, middle, r, { fill: palette.quiet });
      path(
        ctx,
        middle,
        palette.sign,
        [
          [-3, 0],
          [3, 0]
        ],
        'line'
      );
      return;
    case 'tender_failed':
      circle(ctx, middle, r - 0.9, { line: palette.quiet, width: 1.9 });
      path(
        ctx,
        middle,
        palette.quiet,
        [
          [3, -3],
          [-3, 3]
        ],
        'line'
      );
      return;
    default:
      circle(ctx, middle, r - 2, { fill: palette.quiet });
  }
}

function drawCluster(
  ctx: CanvasRenderingContext2D,
  size: number,
  alertSteps: number,
  reviewSteps: number,
  palette: Palette
): void {
  const middle = size / 2;
  const radius = middle - 4;
  circle(ctx, middle, middle - 1, { fill: palette.casing });
  circle(ctx, middle, radius, { fill: palette.cluster });
  ctx.lineCap = 'butt';
  for (const arc of ringArcs(alertSteps, reviewSteps)) {
    ctx.beginPath();
    ctx.arc(middle, middle, radius, arc.from, arc.to);
    ctx.lineWidth = arc.kind === 'rest' ? 2 : 4;
    ctx.strokeStyle = arc.kind === 'rest' ? palette.clusterRest : palette[arc.kind];
    ctx.stroke();
  }
}

function circle(
  ctx: CanvasRenderingContext2D,
  middle: number,
  radius: number,
  how: { fill?: string; line?: string; width?: number; dash?: number[] }
): void {
  ctx.beginPath();
  ctx.arc(middle, middle, radius, 0, 2 * Math.PI);
  if (how.fill) {
    ctx.fillStyle = how.fill;
    ctx.fill();
  }
  if (how.line) {
    ctx.strokeStyle = how.line;
    ctx.lineWidth = how.width ?? 1;
    ctx.setLineDash(how.dash ?? []);
    ctx.stroke();
    ctx.setLineDash([]);
  }
}

function square(ctx: CanvasRenderingContext2D, middle: number, half: number, fill: string): void {
  ctx.beginPath();
  ctx.roundRect(middle - half, middle - half, 2 * half, 2 * half, 2.5);
  ctx.fillStyle = fill;
  ctx.fill();
}

function path(
  ctx: CanvasRenderingContext2D,
  middle: number,
  colour: string,
  points: readonly (readonly [number, number])[],
  how: 'fill' | 'line'
): void {
  ctx.beginPath();
  for (const [x, y] of points) ctx.lineTo(middle + x, middle + y);
  if (how === 'fill') {
    ctx.closePath();
    ctx.fillStyle = colour;
    ctx.fill();
    return;
  }
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1.9;
  ctx.stroke();
}
