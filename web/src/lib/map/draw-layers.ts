/** How the drawing map looks: villages, what stands near by, the drawing and its corners. Pure. */
import type { Feature, FeatureCollection, Geometry, Position } from 'geojson';
import type { LayerSpecification, SourceSpecification } from 'maplibre-gl';
import { handles, toGeometries, type Drawing, type DrawMode } from './draw-model';
import { collection } from './features';
import { nameLayers, sea, villageLayers } from './ground-layers';
import type { Palette } from './palette';
import { byZoom, is, round, SOURCES } from './style';

export const DRAWING = 'drawing';
export const HANDLES = 'drawing-handles';
export const OTHERS = 'others';

export function drawSources(): Record<string, SourceSpecification> {
  const data = collection([]);
  return Object.fromEntries(
    [SOURCES.villages, SOURCES.names, OTHERS, DRAWING, HANDLES].map((id) => [
      id,
      // Without simplification a corner stays under the finger that drags it.
      { type: 'geojson', data, tolerance: 0 }
    ])
  );
}

export function drawLayers(palette: Palette, overBasemap: boolean): LayerSpecification[] {
  const point = is('shape', 'point');
  const drawn: LayerSpecification[] = [
    {
      id: 'drawn-areas',
      type: 'fill',
      source: DRAWING,
      filter: is('shape', 'area'),
      paint: { 'fill-color': palette.accent, 'fill-opacity': 0.18 }
    },
    {
      id: 'drawn-casings',
      type: 'line',
      source: DRAWING,
      layout: round,
      filter: ['!', point],
      paint: { 'line-color': palette.casing, 'line-width': 6 }
    },
    {
      id: 'drawn-lines',
      type: 'line',
      source: DRAWING,
      layout: round,
      filter: ['!', ['any', point, is('shape', 'rubber')]],
      paint: { 'line-color': palette.accent, 'line-width': 3 }
    },
    {
      id: 'drawn-rubber',
      type: 'line',
      source: DRAWING,
      filter: is('shape', 'rubber'),
      paint: { 'line-color': palette.accent, 'line-width': 2, 'line-dasharray': [1.5, 1.5] }
    },
    {
      id: 'drawn-handles',
      type: 'circle',
      source: HANDLES,
      paint: {
        'circle-radius': ['case', ['to-boolean', ['get', 'held']], 10, 7],
        'circle-color': ['case', ['to-boolean', ['get', 'filled']], palette.accent, palette.casing],
        'circle-stroke-color': [
          'case',
          ['to-boolean', ['get', 'filled']],
          palette.casing,
          palette.accent
        ],
        'circle-stroke-width': 2.5
      }
    }
  ];
  return [
    ...(overBasemap ? [] : [sea(palette)]),
    ...villageLayers(palette, overBasemap),
    ...nameLayers(palette),
    ...otherLayers(palette),
    ...drawn
  ];
}

/** Footprints of projects near by: there to be seen, not to be touched. */
function otherLayers(palette: Palette): LayerSpecification[] {
  return [
    {
      id: 'other-areas',
      type: 'fill',
      source: OTHERS,
      filter: ['==', ['geometry-type'], 'Polygon'],
      paint: { 'fill-color': palette.review, 'fill-opacity': 0.2 }
    },
    {
      id: 'other-casings',
      type: 'line',
      source: OTHERS,
      layout: round,
      filter: ['!=', ['geometry-type'], 'Point'],
      paint: { 'line-color': palette.casing, 'line-width': byZoom(10, 4, 17, 8) }
    },
    {
      id: 'other-lines',
      type: 'line',
      source: OTHERS,
      layout: round,
      filter: ['!=', ['geometry-type'], 'Point'],
      paint: { 'line-color': palette.review, 'line-width': byZoom(10, 2, 17, 4) }
    },
    {
      id: 'other-points',
      type: 'circle',
      source: OTHERS,
      filter: ['==', ['geometry-type'], 'Point'],
      paint: {
        'circle-radius': 6,
        'circle-color': palette.review,
        'circle-stroke-color': palette.casing,
        'circle-stroke-width': 2
      }
    }
  ];
}

/** The drawing so far, with the line to the pointer while one is drawn. */
export function drawingFeatures(
  drawing: Drawing,
  mode: DrawMode,
  pointer: Position | null
): FeatureCollection {
  const features: Feature[] = toGeometries(drawing, mode).map((geometry) =>
    shaped(geometry, SHAPES[geometry.type])
  );
  const last = drawing.corners.at(-1);
  const first = drawing.corners[0];
  if (last && pointer) {
    const back = mode === 'area' && drawing.corners.length > 1 && first ? [first] : [];
    features.push(shaped({ type: 'LineString', coordinates: [last, pointer, ...back] }, 'rubber'));
  }
  return collection(features);
}

const SHAPES = { Point: 'point', LineString: 'line', Polygon: 'area' } as const;

function shaped(geometry: Geometry, shape: string): Feature {
  return { type: 'Feature', geometry, properties: { shape } };
}

/** Each corner; `held` is its number while it is dragged. */
export function handleFeatures(drawing: Drawing, held: number | null): FeatureCollection {
  return collection(
    handles(drawing).map(({ handle, at }, number) => ({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: at },
      properties: {
        number,
        held: number === held,
        filled: handle.part !== null && drawing.parts[handle.part]?.type === 'Point'
      }
    }))
  );
}
