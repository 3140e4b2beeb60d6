/** Findings on the large map: the metres that two works share, and the links between works. Pure. */
import type { DataDrivenPropertyValueSpecification, LayerSpecification } from 'maplibre-gl';
import type { Palette } from './palette';
import { BOLD, byZoom, FOOTPRINT_ZOOM, is, round, SOURCES } from './style';

/** Before, members of a finding lie in one dot or far off the page. */
const LINKS = 11;

/** Under the footprints, wider than they: both lines stay readable on the metres that they share. */
export function bandLayers(palette: Palette): LayerSpecification[] {
  return [
    {
      id: 'shared-metres',
      type: 'line',
      source: SOURCES.findings,
      minzoom: FOOTPRINT_ZOOM - 1,
      filter: is('role', 'shared'),
      layout: round,
      paint: {
        'line-color': [
          'match',
          ['get', 'severity'],
          'alert',
          palette.alertBand,
          palette.reviewBand
        ],
        'line-width': byZoom(13, 8, 16, 22, 18, 34)
      }
    }
  ];
}

export function linkLayers(palette: Palette): LayerSpecification[] {
  const source = SOURCES.findings;
  const colour = severityColour(palette);
  return [
    {
      id: 'link-casings',
      type: 'line',
      source,
      minzoom: LINKS,
      filter: is('role', 'link'),
      layout: round,
      paint: { 'line-color': palette.casing, 'line-width': 4.5, 'line-opacity': 0.85 }
    },
    {
      id: 'links',
      type: 'line',
      source,
      minzoom: LINKS,
      filter: is('role', 'link'),
      layout: { 'line-join': 'round' },
      paint: { 'line-color': colour, 'line-width': 2, 'line-dasharray': [2.2, 1.4] }
    },
    {
      id: 'finding-marks',
      type: 'circle',
      source,
      filter: is('role', 'mark'),
      paint: {
        'circle-radius': byZoom(8, 6, 14, 14),
        'circle-opacity': 0,
        'circle-stroke-color': colour,
        'circle-stroke-width': 2
      }
    },
    {
      id: 'link-labels',
      type: 'symbol',
      source: SOURCES.links,
      minzoom: LINKS + 1,
      layout: {
        'text-field': ['get', 'text'],
        'text-font': BOLD,
        'text-size': 12,
        'text-variable-anchor': ['left', 'right', 'bottom', 'top'],
        'text-radial-offset': 1.9,
        'text-padding': 2
      },
      paint: {
        'text-color': severityColour(palette),
        'text-halo-color': palette.casing,
        'text-halo-width': 2
      }
    }
  ];
}

function severityColour(palette: Palette): DataDrivenPropertyValueSpecification<string> {
  return ['match', ['get', 'severity'], 'alert', palette.alert, palette.review];
}
