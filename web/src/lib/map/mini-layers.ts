/** The small map of one project or finding: which role looks how. Pure. */
import type { Geometry } from 'geojson';
import type {
  DataDrivenPropertyValueSpecification,
  ExpressionSpecification,
  LayerSpecification,
  SourceSpecification
} from 'maplibre-gl';
import { collection } from './features';
import { nameLayers, sea, villageLayers } from './ground-layers';
import type { Palette } from './palette';
import { BOLD, byZoom, is, REGULAR, round, SOURCES } from './style';

/** `first` to `fourth` are works beside each other; `old` is an earlier footprint; `photo` where one was taken. */
export type MiniRole =
  | 'main'
  | 'first'
  | 'second'
  | 'third'
  | 'fourth'
  | 'other'
  | 'shared'
  | 'link'
  | 'letter'
  | 'old'
  | 'photo';
export type MiniShape = {
  geometry: Geometry;
  role: MiniRole;
  /** of a link how long it is, of a letter which */
  label?: string;
  /** of a letter: the work that it names */
  of?: MiniRole;
};

export const MINI = 'mini';

export function miniSources(): Record<string, SourceSpecification> {
  const data = collection([]);
  return {
    [SOURCES.villages]: { type: 'geojson', data, tolerance: 0.3 },
    [SOURCES.names]: { type: 'geojson', data },
    [MINI]: { type: 'geojson', data, tolerance: 0.1 }
  };
}

function colourOf(
  palette: Palette,
  property: 'role' | 'of' = 'role'
): DataDrivenPropertyValueSpecification<string> {
  return [
    'match',
    ['get', property],
    'first',
    palette.running,
    'second',
    palette.second,
    'third',
    palette.third,
    'fourth',
    palette.fourth,
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
    // The first work is broad and beneath, each next one narrower and above: on one line all are seen.
    ...(
      [
        [['other', 'main', 'photo'], 2.5, 4.5],
        [['first'], 6.5, 12],
        [['second'], 4.5, 8],
        [['third'], 2.5, 4.5],
        [['fourth'], 1.2, 2]
      ] as [MiniRole[], number, number][]
    ).map(([roles, far, near], at): LayerSpecification => ({
      id: `mini-lines-${at}`,
      type: 'line',
      source,
      layout: round,
      filter: ['all', solid, among(...roles)],
      paint: { 'line-color': colour, 'line-width': byZoom(12, far, 17, near) }
    })),
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
      filter: ['all', ['==', ['geometry-type'], 'Point'], ['!', among('letter')]],
      layout: {
        'circle-sort-key': ['match', ['get', 'role'], 'first', 0, 'second', 1, 'third', 2, 3]
      },
      paint: {
        'circle-color': colour,
        'circle-radius': [
          'match',
          ['get', 'role'],
          'photo',
          5,
          'first',
          12,
          'second',
          8.5,
          'third',
          5.5,
          'fourth',
          3,
          'other',
          4,
          7
        ],
        'circle-stroke-color': palette.casing,
        'circle-stroke-width': 2
      }
    },
    {
      id: 'mini-link-labels',
      type: 'symbol',
      source,
      filter: ['all', is('role', 'link'), ['has', 'label']],
      layout: {
        'symbol-placement': 'line-center',
        'text-field': ['get', 'label'],
        'text-font': REGULAR,
        'text-size': 13,
        'text-rotation-alignment': 'viewport',
        'text-offset': [0, -1],
        'text-allow-overlap': true
      },
      paint: {
        'text-color': palette.alert,
        'text-halo-color': palette.casing,
        'text-halo-width': 2
      }
    },
    {
      id: 'mini-letters',
      type: 'symbol',
      source,
      filter: is('role', 'letter'),
      layout: {
        'text-field': ['get', 'label'],
        'text-font': BOLD,
        'text-size': 15,
        'text-padding': 0,
        // Of works on one spot the letters stand around it.
        'text-variable-anchor': [
          'bottom',
          'top',
          'right',
          'left',
          'bottom-right',
          'bottom-left',
          'top-right',
          'top-left'
        ],
        'text-radial-offset': 1.4
      },
      paint: {
        'text-color': colourOf(palette, 'of'),
        'text-halo-color': palette.casing,
        'text-halo-width': 2
      }
    }
  ];
}
