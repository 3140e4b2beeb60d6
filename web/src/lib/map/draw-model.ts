/** What a person draws: finished parts, the corners of the one in work, and every step back. Pure. */
import type { Geometry, LineString, Point, Polygon, Position } from 'geojson';

export type DrawMode = 'point' | 'line' | 'area';
export type Part = Point | LineString | Polygon;
/** `corners` are of the line or area in work; a point is finished at once. */
export type Drawing = { parts: Part[]; corners: Position[] };
/** A corner that can be dragged: of a finished part, or (part null) of the one in work. */
export type Handle = { part: number | null; corner: number };

export const EMPTY: Drawing = { parts: [], corners: [] };
const FEWEST = { point: 1, line: 2, area: 3 };
/** seven decimals are a centimetre */
const PLACES = 1e7;

export function fromGeometries(geometries: readonly Geometry[]): Drawing {
  return { parts: geometries.flatMap(split), corners: [] };
}

function split(geometry: Geometry): Part[] {
  switch (geometry.type) {
    case 'Point':
    case 'LineString':
    case 'Polygon':
      return [geometry];
    case 'MultiPoint':
      return geometry.coordinates.map((coordinates) => ({ type: 'Point', coordinates }));
    case 'MultiLineString':
      return geometry.coordinates.map((coordinates) => ({ type: 'LineString', coordinates }));
    case 'MultiPolygon':
      return geometry.coordinates.map((coordinates) => ({ type: 'Polygon', coordinates }));
    case 'GeometryCollection':
      return geometry.geometries.flatMap(split);
  }
}

/** All that is drawn so far; a line or area in work counts as soon as it is one. */
export function toGeometries(drawing: Drawing, mode: DrawMode): Part[] {
  return canFinish(drawing, mode) ? finish(drawing, mode).parts : drawing.parts;
}

export function add(drawing: Drawing, mode: DrawMode, at: Position): Drawing {
  const corner = rounded(at);
  if (mode === 'point') {
    return { ...drawing, parts: [...drawing.parts, { type: 'Point', coordinates: corner }] };
  }
  return { ...drawing, corners: [...drawing.corners, corner] };
}

export function canFinish(drawing: Drawing, mode: DrawMode): boolean {
  return mode !== 'point' && distinct(drawing.corners).length >= FEWEST[mode];
}

/** Makes the corners in work a part; too few of them are dropped. */
export function finish(drawing: Drawing, mode: DrawMode): Drawing {
  const corners = distinct(drawing.corners);
  if (!canFinish(drawing, mode)) return { ...drawing, corners: [] };
  const part: Part =
    mode === 'area'
      ? { type: 'Polygon', coordinates: [closed(counterClockwise(corners))] }
      : { type: 'LineString', coordinates: corners };
  return { parts: [...drawing.parts, part], corners: [] };
}

export function move(drawing: Drawing, handle: Handle, to: Position): Drawing {
  const corner = rounded(to);
  if (handle.part === null) {
    return { ...drawing, corners: drawing.corners.with(handle.corner, corner) };
  }
  const part = drawing.parts[handle.part];
  if (!part) return drawing;
  return { ...drawing, parts: drawing.parts.with(handle.part, moved(part, handle.corner, corner)) };
}

function moved(part: Part, at: number, corner: Position): Part {
  switch (part.type) {
    case 'Point':
      return { ...part, coordinates: corner };
    case 'LineString':
      return { ...part, coordinates: part.coordinates.with(at, corner) };
    case 'Polygon': {
      const [outer = [], ...holes] = part.coordinates;
      const open = outer.slice(0, -1).with(at, corner);
      return { ...part, coordinates: [closed(open), ...holes] };
    }
  }
}

/** Every corner that can be dragged. Holes of imported areas stay as they are. */
export function handles(drawing: Drawing): { handle: Handle; at: Position }[] {
  const of = (part: number | null, corners: Position[]) =>
    corners.map((at, corner) => ({ handle: { part, corner }, at }));
  return [
    ...drawing.parts.flatMap((part, i) => {
      if (part.type === 'Point') return of(i, [part.coordinates]);
      if (part.type === 'LineString') return of(i, part.coordinates);
      return of(i, (part.coordinates[0] ?? []).slice(0, -1));
    }),
    ...of(null, drawing.corners)
  ];
}

/** A second click of a double click repeats a corner: repeats are one. */
function distinct(corners: readonly Position[]): Position[] {
  return corners.filter((corner, i) => {
    const before = corners[i - 1];
    return !before || before[0] !== corner[0] || before[1] !== corner[1];
  });
}

function closed(corners: Position[]): Position[] {
  const [first] = corners;
  return first ? [...corners, first] : [];
}

/** RFC 7946: outer rings go counter-clockwise. */
function counterClockwise(corners: Position[]): Position[] {
  let twice = 0;
  for (const [i, [x = 0, y = 0]] of corners.entries()) {
    const [nextX = 0, nextY = 0] = corners[(i + 1) % corners.length] ?? [];
    twice += x * nextY - nextX * y;
  }
  return twice < 0 ? corners.toReversed() : corners;
}

function rounded([lon = 0, lat = 0]: Position): Position {
  return [Math.round(lon * PLACES) / PLACES, Math.round(lat * PLACES) / PLACES];
}
