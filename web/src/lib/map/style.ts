/** What the styles of all maps share: names of sources, fonts, and short ways to say an expression. Pure. */
import type { ExpressionSpecification } from 'maplibre-gl';

/** From this zoom footprints are drawn as they are. */
export const FOOTPRINT_ZOOM = 14;

// MapLibre reads the weight from the first name: that family does not exist, the second is used.
export const REGULAR = ['Public Sans Variable'];
export const BOLD = ['Tapak Semibold', 'Public Sans Variable'];

export const SOURCES = {
  villages: 'villages',
  names: 'village-names',
  points: 'project-points',
  shapes: 'project-shapes',
  findings: 'findings',
  links: 'finding-labels',
  focus: 'focus'
} as const;

export function is(key: string, value: string): ExpressionSpecification {
  return ['==', ['get', key], value];
}

export const byZoom = (...stops: number[]): ExpressionSpecification =>
  ['interpolate', ['linear'], ['zoom'], ...stops] as unknown as ExpressionSpecification;

export const round = { 'line-cap': 'round', 'line-join': 'round' } as const;
