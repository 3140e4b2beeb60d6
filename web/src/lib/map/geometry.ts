/** Plain GeoJSON geometry for the map: no MapLibre in here, so that it can be tested and loaded at once. */
import type { Geometry, Position } from 'geojson';

/** west, south, east, north in degrees */
export type Bounds = [number, number, number, number];

/** Calls `visit` for each position of a geometry. */
function eachPosition(geometry: Geometry, visit: (position: Position) => void): void {
  switch (geometry.type) {
    case 'Point':
      visit(geometry.coordinates);
      return;
    case 'MultiPoint':
    case 'LineString':
      geometry.coordinates.forEach(visit);
      return;
    case 'MultiLineString':
    case 'Polygon':
      for (const line of geometry.coordinates) line.forEach(visit);
      return;
    case 'MultiPolygon':
      for (const polygon of geometry.coordinates) for (const ring of polygon) ring.forEach(visit);
      return;
    case 'GeometryCollection':
      for (const part of geometry.geometries) eachPosition(part, visit);
  }
}

/** The box around all geometries, or null where there is no position. */
export function boundsOf(geometries: readonly Geometry[]): Bounds | null {
  const box: Bounds = [Infinity, Infinity, -Infinity, -Infinity];
  for (const geometry of geometries) {
    eachPosition(geometry, ([lon = NaN, lat = NaN]) => {
      box[0] = Math.min(box[0], lon);
      box[1] = Math.min(box[1], lat);
      box[2] = Math.max(box[2], lon);
      box[3] = Math.max(box[3], lat);
    });
  }
  return box[0] <= box[2] ? box : null;
}

/** True where the two boxes share at least a point. */
export function touches(a: Bounds, b: Bounds): boolean {
  return a[0] <= b[2] && b[0] <= a[2] && a[1] <= b[3] && b[1] <= a[3];
}

/** The middle of a box. */
export function middle(box: Bounds): [number, number] {
  return [(box[0] + box[2]) / 2, (box[1] + box[3]) / 2];
}

/** The point half-way along a line, by length; a single position is its own middle. */
export function halfWay(line: readonly Position[]): [number, number] {
  return along(line, 0.5);
}

/** The point at a share (0 to 1) of a line's length. */
export function along(line: readonly Position[], share: number): [number, number] {
  const lengths = line.slice(1).map((to, i) => distance(line[i] ?? to, to));
  let rest = lengths.reduce((sum, length) => sum + length, 0) * share;
  for (const [i, length] of lengths.entries()) {
    const from = line[i];
    const to = line[i + 1];
    if (!from || !to) break;
    if (rest <= length) {
      const at = length === 0 ? 0 : rest / length;
      return [mix(from[0], to[0], at), mix(from[1], to[1], at)];
    }
    rest -= length;
  }
  const only = line[0] ?? [0, 0];
  return [only[0] ?? 0, only[1] ?? 0];
}

/**
 * Where a name reads best: a point inside the largest polygon, far from its borders.
 * A grid of `steps` × `steps` candidates, so O(steps² × corners); good to a few per cent of the width.
 */
export function labelPoint(geometry: Geometry, steps = 9): [number, number] | null {
  const ring = largestRing(geometry);
  const box = ring && boundsOf([{ type: 'LineString', coordinates: ring }]);
  if (!ring || !box) return null;
  let best = middle(box);
  let room = -Infinity;
  for (let ix = 0; ix < steps; ix++) {
    for (let iy = 0; iy < steps; iy++) {
      const point: [number, number] = [
        mix(box[0], box[2], (ix + 0.5) / steps),
        mix(box[1], box[3], (iy + 0.5) / steps)
      ];
      const clearance = inRing(point, ring) ? toRing(point, ring) : -toRing(point, ring);
      if (clearance > room) {
        room = clearance;
        best = point;
      }
    }
  }
  return best;
}

function largestRing(geometry: Geometry): Position[] | null {
  const rings =
    geometry.type === 'Polygon'
      ? geometry.coordinates.slice(0, 1)
      : geometry.type === 'MultiPolygon'
        ? geometry.coordinates.flatMap((polygon) => polygon.slice(0, 1))
        : [];
  let best: Position[] | null = null;
  let most = -1;
  for (const ring of rings) {
    const area = Math.abs(ringArea(ring));
    if (area > most) {
      most = area;
      best = ring;
    }
  }
  return best;
}

function ringArea(ring: readonly Position[]): number {
  let twice = 0;
  for (const [i, [x = 0, y = 0]] of ring.entries()) {
    const [nextX = 0, nextY = 0] = ring[(i + 1) % ring.length] ?? [];
    twice += x * nextY - nextX * y;
  }
  return twice / 2;
}

function inRing([x, y]: [number, number], ring: readonly Position[]): boolean {
  let inside = false;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [xi = 0, yi = 0] = ring[i] ?? [];
    const [xj = 0, yj = 0] = ring[j] ?? [];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

/** Distance in degrees from a point to the nearest edge of a ring. */
function toRing(point: [number, number], ring: readonly Position[]): number {
  let least = Infinity;
  for (let i = 1; i < ring.length; i++) {
    const [ax = 0, ay = 0] = ring[i - 1] ?? [];
    const [bx = 0, by = 0] = ring[i] ?? [];
    const squared = (bx - ax) ** 2 + (by - ay) ** 2;
    const along =
      squared === 0 ? 0 : ((point[0] - ax) * (bx - ax) + (point[1] - ay) * (by - ay)) / squared;
    const share = Math.max(0, Math.min(1, along));
    least = Math.min(
      least,
      Math.hypot(point[0] - mix(ax, bx, share), point[1] - mix(ay, by, share))
    );
  }
  return least;
}

const EARTH_RADIUS_M = 6_371_008.8;

/** Metres between two positions on the sphere (haversine), good to 0.5 %. */
export function distance(a: Position, b: Position): number {
  const rad = Math.PI / 180;
  const [lonA = 0, latA = 0] = a;
  const [lonB = 0, latB = 0] = b;
  const h =
    Math.sin(((latB - latA) * rad) / 2) ** 2 +
    Math.cos(latA * rad) * Math.cos(latB * rad) * Math.sin(((lonB - lonA) * rad) / 2) ** 2;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** Length of a line in metres. */
export function lengthOf(line: readonly Position[]): number {
  return line.slice(1).reduce((sum, to, i) => sum + distance(line[i] ?? to, to), 0);
}

/** Area of a ring in square metres, flat around its first corner: good to 0.1 % below 10 km. */
export function areaOf(ring: readonly Position[]): number {
  const [lon0 = 0, lat0 = 0] = ring[0] ?? [];
  const metre = (Math.PI / 180) * EARTH_RADIUS_M;
  const flat = ring.map(([lon = 0, lat = 0]) => [
    (lon - lon0) * metre * Math.cos((lat0 * Math.PI) / 180),
    (lat - lat0) * metre
  ]);
  return Math.abs(ringArea(flat));
}

function mix(a = 0, b = 0, share: number): number {
  return a + (b - a) * share;
}
