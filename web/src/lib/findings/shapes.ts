/** A finding as its small map draws it. Pure. */
import type { Geometry, Position } from 'geojson';
import type { Members, Pair } from '$lib/api/types';
import { formatDistance } from '$lib/domain/distance';
import { along, boundsOf, middle } from '$lib/map/geometry';
import type { MiniRole, MiniShape } from '$lib/map/mini-layers';

/** A, B, C…: how the page calls the works of a finding. */
export function letterOf(index: number): string {
  return index < 26 ? String.fromCharCode(65 + index) : String(index + 1);
}

/** The two works that a pair of a finding compares. */
export function lettersOf(pair: Pair): { a: string; b: string } {
  const [a, b] = pair.numbers ?? [1, 2];
  return { a: letterOf(a - 1), b: letterOf(b - 1) };
}

/** The colours of the works that stand beside each other, in their order. */
const ROLES = ['first', 'second', 'third', 'fourth'] as const satisfies MiniRole[];

/** The colour of one of them, as the page's own style. */
export function colourOf(place: number): string {
  return `var(--${ROLES[place] ?? 'other'})`;
}

/** Metres below which a line between two works would be a dot. */
const LEAST_APART_M = 1;

/**
 * What the map shows: the works beside each other in their colours and the others quiet, each with its letter, the metres
 * that two of them share, and between those that share none the shortest way, with how long it is: where they come nearest, not from middle to middle.
 */
export function shapesOf(
  footprints: Members['footprints'],
  pairs: readonly Pair[],
  beside: readonly { id: string }[],
  members: readonly { id: string }[]
): MiniShape[] {
  const places = new Map(beside.map(({ id }, place) => [id, place]));
  const works = footprints.flatMap(({ project_id: id, parts }) =>
    parts.map((geometry): MiniShape => ({
      geometry,
      role: ROLES[places.get(id) ?? -1] ?? 'other'
    }))
  );
  const letters = members.flatMap(({ id }, at) => {
    const [part] = footprints.find((one) => one.project_id === id)?.parts ?? [];
    const spot = part && spotOn(part, (at + 1) / (members.length + 1));
    return spot ? [letter(spot, at, ROLES[places.get(id) ?? -1] ?? 'other')] : [];
  });
  const shown = pairs.filter((pair) => places.has(pair.a) && places.has(pair.b));
  const shared = shown.flatMap((pair) =>
    pair.shared.map((geometry): MiniShape => ({ geometry, role: 'shared' }))
  );
  return [...shared, ...works, ...shown.flatMap(linkOf), ...letters];
}

function letter(coordinates: Position, at: number, of: MiniRole): MiniShape {
  return { geometry: { type: 'Point', coordinates }, role: 'letter', label: letterOf(at), of };
}

/** A place on a work, at a share of its line or outline: of works on one line each has its letter at another place. */
function spotOn(geometry: Geometry, share: number): Position | null {
  switch (geometry.type) {
    case 'Point':
      return geometry.coordinates;
    case 'LineString':
      return along(geometry.coordinates, share);
    case 'Polygon':
      return along(geometry.coordinates[0] ?? [], share);
    default: {
      const box = boundsOf([geometry]);
      return box && middle(box);
    }
  }
}

function linkOf(pair: Pair): MiniShape[] {
  const { nearest, distance_m: metres } = pair;
  if (nearest === null || metres === null || metres < LEAST_APART_M || pair.shared.length)
    return [];
  const geometry = { type: 'LineString' as const, coordinates: nearest };
  return [{ geometry, role: 'link', label: formatDistance(metres) }];
}
