/** The small map of one project or finding: which role looks how. Pure. */
import type { Geometry } from 'geojson';
import type {
  DataDrivenPropertyValueSpecification,
  ExpressionSpecification,
  LayerSpecification,
  SourceSpecification
} from 'maplibre-gl';
import { collection } from './features';
import { byZoom, is, nameLayers, round, sea, SOURCES, villageLayers } from './layers';
import type { Palette } from './palette';

/** `first` and `second` are the two works of a pair; `old` is an earlier footprint; `photo` where one was taken. */
export type MiniRole = 'main' | 'first' | 'second' | 'other' | 'shared' | 'link' | 'old' | 'photo';
export type MiniShape = { geometry: Geometry; role: MiniRole };

export const MINI = 'mini';

export function miniSources(): Record<string, SourceSpecification> {
  const data = collection([]);
  return {
    [SOURCES.villages]: { type: 'geojson', data, tolerance: 0.3 },
    [SOURCES.names]: { type: 'geojson', data },
    [MINI]: { type: 'geojson', data, tolerance: 0.1 }
  };
}

function colourOf(palette: Palette): DataDrivenPropertyValueSpecification<string> {
  return [
    'match',
    ['get', 'role'],
    'first',
    palette.running,
    'second',
    palette.second,
    ['shared', 'link'],
    palette.alert,
    'photo',
    palette.review,
    ['other', 'old'],
    palette.quiet,
    palette.accent
  ];
}

export function miniLayers(palette: Palette, overBasemap: boolean): LayerSpecification[] {
  const source = MINI;
  const colour = colourOf(palette);
  const notPoint: ExpressionSpecification = ['!=', ['geometry-type'], 'Point'];
  const among = (...roles: MiniRole[]): ExpressionSpecification => [
    'in',
    ['get', 'role'],
    ['literal', roles]
  ];
  const solid: ExpressionSpecification = ['all', notPoint, ['!', among('old', 'link', 'shared')]];
  return [
    ...(overBasemap ? [] : [sea(palette)]),
    ...villageLayers(palette, overBasemap),
    {
      id: 'mini-areas',
      type: 'fill',
      source,
      filter: ['==', ['geometry-type'], 'Polygon'],
      paint: { 'fill-color': colour, 'fill-opacity': 0.22 }
    },
    {
      id: 'mini-shared',
      type: 'line',
      source,
      layout: round,
      filter: is('role', 'shared'),
      paint: { 'line-color': palette.alertBand, 'line-width': byZoom(12, 10, 17, 26) }
    },
    {
      id: 'mini-casings',
      type: 'line',
      source,
      layout: round,
      filter: solid,
      paint: { 'line-color': palette.casing, 'line-width': byZoom(12, 7, 17, 13) }
    },
    // The first work is broad and beneath, the second narrow and above: on one line both are seen.
    {
      id: 'mini-first',
      type: 'line',
      source,
      layout: round,
      filter: ['all', solid, is('role', 'first')],
      paint: { 'line-color': colour, 'line-width': byZoom(12, 5, 17, 9) }
    },
    {
      id: 'mini-lines',
      type: 'line',
      source,
      layout: round,
      filter: ['all', solid, ['!', is('role', 'first')]],
      paint: { 'line-color': colour, 'line-width': byZoom(12, 2.5, 17, 4.5) }
    },
    {
      id: 'mini-dashed',
      type: 'line',
      source,
      filter: ['all', notPoint, among('old', 'link')],
      paint: { 'line-color': colour, 'line-width': 2, 'line-dasharray': [2, 1.5] }
    },
    ...nameLayers(palette),
    {
      id: 'mini-points',
      type: 'circle',
      source,
      filter: ['==', ['geometry-type'], 'Point'],
      layout: { 'circle-sort-key': ['match', ['get', 'role'], 'first', 0, 1] },
      paint: {
        'circle-color': colour,
        'circle-radius': ['match', ['get', 'role'], 'photo', 5, 'first', 11, 'second', 6, 7],
        'circle-stroke-color': palette.casing,
        'circle-stroke-width': 2
      }
    }
  ];
}
