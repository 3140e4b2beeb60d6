/** Projects on the large map: footprints from near, marks and clusters from afar. Pure. */
import type {
  DataDrivenPropertyValueSpecification,
  ExpressionSpecification,
  LayerSpecification
} from 'maplibre-gl';
import type { Palette } from './palette';
import { RING_STEPS } from './ring';
import { BOLD, byZoom, FOOTPRINT_ZOOM, round, SOURCES } from './style';

export function footprintLayers(palette: Palette): LayerSpecification[] {
  const source = SOURCES.shapes;
  const minzoom = FOOTPRINT_ZOOM;
  const colour = statusColour(palette);
  return [
    {
      id: 'areas',
      type: 'fill',
      source,
      minzoom,
      filter: ['==', ['geometry-type'], 'Polygon'],
      paint: { 'fill-color': colour, 'fill-opacity': 0.22 }
    },
    {
      id: 'line-casings',
      type: 'line',
      source,
      minzoom,
      layout: round,
      filter: ['!=', ['geometry-type'], 'Point'],
      paint: { 'line-color': palette.casing, 'line-width': byZoom(14, 4.5, 18, 10) }
    },
    {
      id: 'lines',
      type: 'line',
      source,
      minzoom,
      layout: round,
      filter: ['!=', ['geometry-type'], 'Point'],
      paint: { 'line-color': colour, 'line-width': byZoom(14, 2.4, 18, 5) }
    },
    {
      id: 'part-points',
      type: 'circle',
      source,
      minzoom,
      filter: ['==', ['geometry-type'], 'Point'],
      paint: {
        'circle-color': colour,
        'circle-radius': byZoom(14, 2.5, 18, 5),
        'circle-stroke-color': palette.casing,
        'circle-stroke-width': 1.5
      }
    }
  ];
}

export function markLayers(palette: Palette, language: string): LayerSpecification[] {
  const source = SOURCES.points;
  const steps = (key: string): ExpressionSpecification => [
    'case',
    ['==', ['get', key], 0],
    0,
    ['==', ['get', key], ['get', 'point_count']],
    RING_STEPS,
    [
      'max',
      1,
      [
        'min',
        RING_STEPS - 1,
        ['round', ['*', RING_STEPS, ['/', ['get', key], ['get', 'point_count']]]]
      ]
    ]
  ];
  return [
    {
      id: 'clusters',
      type: 'symbol',
      source,
      filter: ['has', 'point_count'],
      layout: {
        'icon-image': [
          'concat',
          'cluster-',
          ['step', ['get', 'point_count'], 's', 25, 'm', 250, 'l'],
          '-',
          ['to-string', steps('alerts')],
          '-',
          ['to-string', steps('reviews')]
        ],
        'icon-allow-overlap': true,
        'text-field': ['number-format', ['get', 'point_count'], { locale: language }],
        'text-font': BOLD,
        'text-size': 12,
        'text-allow-overlap': true
      },
      paint: { 'text-color': palette.clusterText }
    },
    {
      id: 'marks',
      type: 'symbol',
      source,
      filter: ['!', ['has', 'point_count']],
      layout: {
        'icon-image': ['get', 'icon'],
        'icon-allow-overlap': true,
        'icon-size': byZoom(8, 0.8, 12, 0.95, 15, 1, 17, 0.85),
        'symbol-sort-key': ['+', ['*', 2, ['get', 'alert']], ['get', 'review']]
      }
    }
  ];
}

function statusColour(palette: Palette): DataDrivenPropertyValueSpecification<string> {
  return [
    'match',
    ['get', 'status'],
    'running',
    palette.running,
    ['finished', 'handed_over'],
    palette.done,
    'halted',
    palette.halted,
    palette.quiet
  ];
}
