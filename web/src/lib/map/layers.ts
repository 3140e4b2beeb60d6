/** What is drawn, in order, and how: the style of the map for one palette. Pure. */
import type {
  DataDrivenPropertyValueSpecification,
  ExpressionSpecification,
  LayerSpecification,
  SourceSpecification
} from 'maplibre-gl';
import { collection } from './features';
import type { Palette } from './palette';
import { RING_STEPS } from './ring';

/** From this zoom footprints are drawn as they are. */
const FOOTPRINT_ZOOM = 14;
/** From this zoom villages have their names; before, districts have. */
const VILLAGE_NAMES = 10.6;
/** From this zoom a village is larger than the page: its name stands in each tile. */
const NEAR_NAMES = 14.5;
/** Before, members of a finding lie in one dot or far off the page. */
const LINKS = 11;

// MapLibre reads the weight from the first name: that family does not exist, the second is used.
export const REGULAR = ['Public Sans Variable'];
export const BOLD = ['Tapak Semibold', 'Public Sans Variable'];

/** The layer whose filter says which village the chips have chosen. */
export const CHOSEN_VILLAGE = 'chosen-village';

export const SOURCES = {
  villages: 'villages',
  names: 'village-names',
  points: 'project-points',
  shapes: 'project-shapes',
  findings: 'findings',
  links: 'finding-labels',
  focus: 'focus'
} as const;

export function emptySources(): Record<string, SourceSpecification> {
  const data = collection([]);
  return {
    [SOURCES.villages]: { type: 'geojson', data, tolerance: 0.3 },
    [SOURCES.names]: { type: 'geojson', data },
    [SOURCES.points]: {
      type: 'geojson',
      data,
      cluster: true,
      clusterRadius: 44,
      clusterMaxZoom: FOOTPRINT_ZOOM - 1,
      clusterProperties: {
        alerts: ['+', ['get', 'alert']],
        reviews: ['+', ['get', 'review']]
      }
    },
    [SOURCES.shapes]: { type: 'geojson', data, tolerance: 0.1 },
    [SOURCES.findings]: { type: 'geojson', data, tolerance: 0.1 },
    [SOURCES.links]: { type: 'geojson', data },
    [SOURCES.focus]: { type: 'geojson', data, tolerance: 0.1 }
  };
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

function severityColour(palette: Palette): DataDrivenPropertyValueSpecification<string> {
  return ['match', ['get', 'severity'], 'alert', palette.alert, palette.review];
}

function lit(yes: string, no: string): DataDrivenPropertyValueSpecification<string> {
  return ['case', ['to-boolean', ['get', 'lit']], yes, no];
}

export function is(key: string, value: string): ExpressionSpecification {
  return ['==', ['get', key], value];
}

export const byZoom = (...stops: number[]): ExpressionSpecification =>
  ['interpolate', ['linear'], ['zoom'], ...stops] as unknown as ExpressionSpecification;

export const round = { 'line-cap': 'round', 'line-join': 'round' } as const;

/** `overBasemap`: a foreign map is drawn beneath, so villages are outlines only. `language` groups digits. */
export function buildLayers(
  palette: Palette,
  overBasemap: boolean,
  language: string
): LayerSpecification[] {
  return [
    ...(overBasemap ? [] : [sea(palette)]),
    ...villageLayers(palette, overBasemap),
    chosenVillage(palette),
    ...focusHalo(palette),
    ...bandLayers(palette),
    ...footprintLayers(palette),
    ...nameLayers(palette),
    ...linkLayers(palette),
    ...markLayers(palette, language),
    ...focusRings(palette)
  ];
}

export function sea(palette: Palette): LayerSpecification {
  return { id: 'sea', type: 'background', paint: { 'background-color': palette.sea } };
}

export function villageLayers(palette: Palette, overBasemap: boolean): LayerSpecification[] {
  const source = SOURCES.villages;
  return [
    {
      id: 'villages',
      type: 'fill',
      source,
      paint: {
        'fill-color': lit(palette.land, palette.landDim),
        'fill-opacity': overBasemap ? 0.12 : 1,
        'fill-antialias': false
      }
    },
    {
      id: 'village-borders',
      type: 'line',
      source,
      layout: round,
      paint: {
        'line-color': overBasemap ? palette.quiet : lit(palette.border, palette.borderDim),
        'line-width': byZoom(8, 0.5, 12, 1, 16, 1.3),
        // A schematic border must not look surveyed.
        'line-dasharray': [
          'case',
          ['to-boolean', ['get', 'schematic']],
          ['literal', [4, 3]],
          ['literal', [1, 0]]
        ]
      }
    }
  ];
}

/** Filter: see `CHOSEN_VILLAGE`. */
function chosenVillage(palette: Palette): LayerSpecification {
  return {
    id: CHOSEN_VILLAGE,
    type: 'line',
    source: SOURCES.villages,
    layout: round,
    filter: is('id', ''),
    paint: { 'line-color': palette.accent, 'line-width': 2 }
  };
}

export function nameLayers(palette: Palette): LayerSpecification[] {
  const source = SOURCES.names;
  const halo = { 'text-halo-color': palette.nameHalo, 'text-halo-width': 1.2 };
  return [
    {
      id: 'district-names',
      type: 'symbol',
      source,
      filter: is('rank', 'district'),
      minzoom: 8.2,
      maxzoom: VILLAGE_NAMES,
      layout: {
        'text-field': ['upcase', ['get', 'name']],
        'text-font': REGULAR,
        'text-size': byZoom(8, 9, 10.5, 11.5),
        'text-letter-spacing': 0.12,
        'text-max-width': 9,
        'text-padding': 2,
        'text-variable-anchor': ['center', 'bottom', 'top', 'left', 'right'],
        'text-radial-offset': 1.6
      },
      paint: { ...halo, 'text-color': lit(palette.districtName, palette.villageNameDim) }
    },
    {
      id: 'village-names',
      type: 'symbol',
      source,
      filter: is('rank', 'village'),
      minzoom: VILLAGE_NAMES,
      maxzoom: NEAR_NAMES,
      layout: {
        'text-field': ['get', 'name'],
        'text-font': REGULAR,
        'text-size': byZoom(10.5, 11, 14, 14),
        'text-max-width': 8,
        'text-padding': 4,
        'text-variable-anchor': ['center', 'top', 'bottom', 'left', 'right'],
        'text-radial-offset': 0.8
      },
      paint: { ...halo, 'text-color': lit(palette.villageName, palette.villageNameDim) }
    },
    {
      id: 'village-names-near',
      type: 'symbol',
      source: SOURCES.villages,
      minzoom: NEAR_NAMES,
      layout: {
        'text-field': ['get', 'name'],
        'text-font': REGULAR,
        'text-size': 14,
        'text-letter-spacing': 0.04,
        'text-max-width': 8,
        'text-padding': 24
      },
      paint: { ...halo, 'text-color': lit(palette.villageName, palette.villageNameDim) }
    }
  ];
}

function footprintLayers(palette: Palette): LayerSpecification[] {
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

/** Under the footprints, wider than they: both lines stay readable on the metres that they share. */
function bandLayers(palette: Palette): LayerSpecification[] {
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

function linkLayers(palette: Palette): LayerSpecification[] {
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

function markLayers(palette: Palette, language: string): LayerSpecification[] {
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

/** Beneath: the halo of what is selected (wide) or hovered (narrower). */
function focusHalo(palette: Palette): LayerSpecification[] {
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
function focusRings(palette: Palette): LayerSpecification[] {
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
