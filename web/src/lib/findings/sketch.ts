/** The map of a finding as a drawing of lines for paper: sharp at any size, light, and there without WebGL. Pure. */
import type { Geometry, Position } from 'geojson';
import { boundsOf, type Bounds } from '$lib/map/geometry';
import type { MiniRole, MiniShape } from '$lib/map/mini-layers';

type Stroke = { role: MiniRole | 'border'; path: string; closed: boolean };
type Dot = { role: MiniRole; x: number; y: number };
type Label = { text: string; x: number; y: number; of?: MiniRole };
export type Sketch = {
  width: number;
  height: number;
  strokes: Stroke[];
  dots: Dot[];
  labels: Label[];
  /** a length to measure by: in metres, and on the drawing */
  bar: { metres: number; width: number };
};

const METRES_A_DEGREE = 111_320;
/** Room around what is drawn, as a share of its size; and how much of the land is seen at least, metres. */
const ROOM = 0.18;
const LEAST_M = 120;
/** Room of a letter. */
const LETTER = 14;

/** Null where nothing has a place. */
export function sketchOf(
  shapes: readonly MiniShape[],
  borders: readonly Geometry[],
  width: number,
  height: number
): Sketch | null {
  const box = boundsOf(shapes.map((one) => one.geometry));
  if (box === null) return null;
  const plane = planeOf(box, width, height);
  const drawn: Sketch = {
    width,
    height,
    strokes: [],
    dots: [],
    labels: [],
    bar: barOf(plane.scale, width)
  };
  for (const border of borders) {
    for (const ring of linesOf(border)) {
      drawn.strokes.push({ role: 'border', path: pathOf(ring.line.map(plane.at)), closed: false });
    }
  }
  for (const { geometry, role, label, of } of shapes) {
    if (role === 'letter' && of && label !== undefined) {
      for (const [x, y] of pointsOf(geometry).map(plane.at)) {
        drawn.labels.push({ text: label, of, ...besideOthers(drawn.labels, x, y) });
      }
      continue;
    }
    for (const { line, closed } of linesOf(geometry)) {
      drawn.strokes.push({ role, path: pathOf(line.map(plane.at)), closed });
    }
    for (const [x, y] of pointsOf(geometry).map(plane.at)) drawn.dots.push({ role, x, y });
    const middle = label === undefined ? null : boundsOf([geometry]);
    if (label !== undefined && middle) {
      const [x, y] = plane.at([(middle[0] + middle[2]) / 2, (middle[1] + middle[3]) / 2]);
      drawn.labels.push({ text: label, x, y });
    }
  }
  return drawn;
}

/** Letters on one spot stand in a row. */
function besideOthers(labels: readonly Label[], x: number, y: number): { x: number; y: number } {
  const isTaken = (at: number) =>
    labels.some((one) => Math.abs(one.x - at) < LETTER && Math.abs(one.y - y) < LETTER);
  let at = x;
  while (isTaken(at)) at += LETTER;
  return { x: at, y };
}

/** Where a place stands on the drawing; north is up, a metre is as long in every direction. */
function planeOf([west, south, east, north]: Bounds, width: number, height: number) {
  const [lon, lat] = [(west + east) / 2, (south + north) / 2];
  const [wide, tall] = [METRES_A_DEGREE * Math.cos((lat * Math.PI) / 180), METRES_A_DEGREE];
  const across = Math.max((east - west) * wide * (1 + 2 * ROOM), LEAST_M);
  const up = Math.max((north - south) * tall * (1 + 2 * ROOM), LEAST_M);
  const scale = Math.min(width / across, height / up);
  const at = ([x = 0, y = 0]: Position): [number, number] => [
    rounded(width / 2 + (x - lon) * wide * scale),
    rounded(height / 2 - (y - lat) * tall * scale)
  ];
  return { scale, at };
}

function barOf(scale: number, width: number): Sketch['bar'] {
  const most = width / 4 / scale;
  const power = 10 ** Math.floor(Math.log10(most));
  const metres = [5, 2, 1].map((step) => step * power).find((length) => length <= most) ?? power;
  return { metres, width: metres * scale };
}

function pathOf(points: readonly [number, number][]): string {
  return points.map(([x, y], at) => `${at === 0 ? 'M' : 'L'}${x} ${y}`).join('');
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10;
}

function linesOf(geometry: Geometry): { line: Position[]; closed: boolean }[] {
  switch (geometry.type) {
    case 'LineString':
      return [{ line: geometry.coordinates, closed: false }];
    case 'MultiLineString':
      return geometry.coordinates.map((line) => ({ line, closed: false }));
    case 'Polygon':
      return geometry.coordinates.map((line) => ({ line, closed: true }));
    case 'MultiPolygon':
      return geometry.coordinates.flat().map((line) => ({ line, closed: true }));
    case 'GeometryCollection':
      return geometry.geometries.flatMap(linesOf);
    default:
      return [];
  }
}

function pointsOf(geometry: Geometry): Position[] {
  if (geometry.type === 'Point') return [geometry.coordinates];
  if (geometry.type === 'MultiPoint') return geometry.coordinates;
  return geometry.type === 'GeometryCollection' ? geometry.geometries.flatMap(pointsOf) : [];
}
