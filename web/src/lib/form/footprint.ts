/** A footprint in the form: its parts, and the same parts as coordinates that can be typed. Pure. */
import type { Geometry, Position } from 'geojson';
import type { How, Project } from '$lib/api/types';
import {
  exchanged,
  formatPosition,
  readLines,
  type LonLat,
  type Reading,
  type TypedLine
} from '$lib/domain/coordinates';

export type Shape = 'point' | 'line' | 'area';
export type Part = { label: string | null; accuracy_m: number | null; geometry: Geometry };
export type Footprint = { how: How; parts: Part[] };

/** Longer ones are drawn, not typed. */
const MOST_TYPED = 300;
const FEWEST = { point: 1, line: 2, area: 3 };
const TYPE = { point: 'Point', line: 'LineString', area: 'Polygon' } as const;

export function ofProject(project: Project): Footprint {
  return {
    how: project.footprint?.how ?? 'map',
    parts: (project.footprint?.parts ?? []).map(({ label, accuracy_m, geometry }) => ({
      label,
      accuracy_m,
      geometry
    }))
  };
}

export function shapeOf(parts: readonly Part[]): Shape {
  const type = parts[0]?.geometry.type ?? 'LineString';
  return type.endsWith('Point') ? 'point' : type.endsWith('Polygon') ? 'area' : 'line';
}

/** New geometries, with the label and the accuracy of the parts that they were: the same one, or the one in its place. */
export function redrawn(before: readonly Part[], geometries: readonly Geometry[]): Part[] {
  return geometries.map((geometry, i) => {
    const same = before.find((part) => part.geometry === geometry);
    if (same) return same;
    const moved = before.length === geometries.length ? before[i] : undefined;
    // Moved by hand: how well a device knew the old place says nothing about the new one.
    return { label: moved?.label ?? null, accuracy_m: null, geometry };
  });
}

/** The parts as lines of coordinates, an empty line between two lines or areas; null where that is not possible. */
export function asText(parts: readonly Part[], shape: Shape): string | null {
  const rings: Position[][] = [];
  for (const { geometry } of parts) {
    if (geometry.type !== TYPE[shape]) return null;
    if (geometry.type === 'Point') rings.push([geometry.coordinates]);
    else if (geometry.type === 'LineString') rings.push(geometry.coordinates);
    else if (geometry.type === 'Polygon') {
      const [outer = [], ...holes] = geometry.coordinates;
      if (holes.length) return null;
      rings.push(outer.slice(0, -1));
    }
  }
  if (rings.reduce((sum, ring) => sum + ring.length, 0) > MOST_TYPED) return null;
  const lines = rings.map((ring) =>
    ring.map(([lon = 0, lat = 0]) => formatPosition({ lon, lat })).join('\n')
  );
  return lines.join(shape === 'point' ? '\n' : '\n\n');
}

export type Typed = {
  /** lines that need an answer or another spelling */
  doubts: TypedLine[];
  /** how many corners are still missing from the last part; 0 where it is whole */
  missing: number;
  geometries: Geometry[];
};

/** What was typed. `kept` are lines whose first reading the person confirmed. */
export function readTyped(
  text: string,
  shape: Shape,
  kept: ReadonlySet<string> = new Set()
): Typed {
  const doubts = readLines(text).filter(
    ({ text, reading }) =>
      reading.kind === 'wrong' || (reading.kind === 'doubtful' && !kept.has(text))
  );
  if (doubts.length) return { doubts, missing: 0, geometries: [] };

  const blocks = shape === 'point' ? [text] : text.split(/\n\s*\n/);
  const rings = blocks
    .map((block) => readLines(block).flatMap(({ reading }) => position(reading)))
    .filter((ring) => ring.length > 0);
  if (shape === 'point') {
    const points = rings.flat();
    return {
      doubts,
      missing: 0,
      geometries: points.map((coordinates) => ({ type: 'Point', coordinates }))
    };
  }
  const missing = Math.max(0, ...rings.map((ring) => FEWEST[shape] - ring.length));
  const whole = rings.filter((ring) => ring.length >= FEWEST[shape]);
  return { doubts, missing, geometries: whole.map((ring) => ofRing(ring, shape)) };
}

function position(reading: Reading): Position[] {
  if (reading.kind === 'ok') return [[reading.at.lon, reading.at.lat]];
  if (reading.kind === 'doubtful') return [[reading.given.lon, reading.given.lat]];
  return [];
}

function ofRing(ring: Position[], shape: 'line' | 'area'): Geometry {
  if (shape === 'line') return { type: 'LineString', coordinates: ring };
  const [first = []] = ring;
  const last = ring.at(-1);
  const closed = last && last[0] === first[0] && last[1] === first[1];
  return { type: 'Polygon', coordinates: [closed ? ring : [...ring, first]] };
}

/** The text with every doubtful line of one kind replaced by its other reading. */
export function resolved(text: string, why: 'swapped' | 'north'): string {
  const other = new Map(
    readLines(text).flatMap(({ line, reading }) =>
      reading.kind === 'doubtful' && reading.why === why ? [[line, reading.other]] : []
    )
  );
  return text
    .split(/\r?\n/)
    .map((line, i) => {
      const at = other.get(i + 1);
      return at ? formatPosition(at) : line;
    })
    .join('\n');
}

/** Longitude and latitude exchanged in every corner: what a person chooses after `coordinates_swapped`. */
export function exchangedParts(parts: readonly Part[]): Part[] {
  const swap = ([x = 0, y = 0]: Position): Position => {
    const { lon, lat }: LonLat = exchanged({ lon: x, lat: y });
    return [lon, lat];
  };
  return parts.map((part) => {
    const { geometry } = part;
    if (geometry.type === 'Point') {
      return { ...part, geometry: { ...geometry, coordinates: swap(geometry.coordinates) } };
    }
    if (geometry.type === 'LineString') {
      return { ...part, geometry: { ...geometry, coordinates: geometry.coordinates.map(swap) } };
    }
    if (geometry.type === 'Polygon') {
      const coordinates = geometry.coordinates.map((ring) => ring.map(swap));
      return { ...part, geometry: { ...geometry, coordinates } };
    }
    return part;
  });
}
