/** What is selected or under the pointer, and the village that is chosen. Pure. */
import type { LayerSpecification } from 'maplibre-gl';
import type { Palette } from './palette';
import { byZoom, FOOTPRINT_ZOOM, is, round, SOURCES } from './style';

/** The layer whose filter says which village the chips have chosen. */
export const CHOSEN_VILLAGE = 'chosen-village';

/** Filter: see `CHOSEN_VILLAGE`. */
export function chosenVillage(palette: Palette): LayerSpecification {
  return {
    id: CHOSEN_VILLAGE,
    type: 'line',
    source: SOURCES.villages,
    layout: round,
    filter: is('id', ''),
    paint: { 'line-color': palette.accent, 'line-width': 2 }
  };
}

/** Beneath: the halo of what is selected (wide) or hovered (narrower). */
export function focusHalo(palette: Palette): LayerSpecification[] {
  const source = SOURCES.focus;
  return [
    {
      id: 'focus-area',
      type: 'fill',
      source,
      filter: ['==', ['geometry-type'], 'Polygon'],
      paint: { 'fill-color': palette.accent, 'fill-opacity': 0.14 }
    },
    {
      id: 'focus-line',
      type: 'line',
      source,
      layout: round,
      filter: ['!=', ['geometry-type'], 'Point'],
      paint: {
        'line-color': palette.accent,
        'line-opacity': ['match', ['get', 'role'], 'selected', 0.5, 0.35],
        'line-width': byZoom(11, 7, 14, 11, 18, 20)
      }
    }
  ];
}

/** Above: a ring at the centre, so that it is found at any zoom and inside clusters. */
export function focusRings(palette: Palette): LayerSpecification[] {
  return [
    {
      id: 'focus-ring',
      type: 'circle',
      source: SOURCES.focus,
      filter: [
        'all',
        ['==', ['geometry-type'], 'Point'],
        [
          'any',
          is('centre', 'always'),
          ['all', is('centre', 'far'), ['<', ['zoom'], FOOTPRINT_ZOOM + 1]]
        ]
      ],
      paint: {
        'circle-color': palette.accent,
        'circle-opacity': ['match', ['get', 'role'], 'selected', 0.16, 0.1],
        'circle-radius': ['match', ['get', 'role'], 'selected', 20, 17],
        'circle-stroke-color': palette.accent,
        'circle-stroke-width': ['match', ['get', 'role'], 'selected', 3, 2]
      }
    }
  ];
}
