/** The ground of every map: sea, villages and their names. Pure. */
import type { DataDrivenPropertyValueSpecification, LayerSpecification } from 'maplibre-gl';
import type { Palette } from './palette';
import { byZoom, is, REGULAR, round, SOURCES } from './style';

/** From this zoom villages have their names; before, districts have. */
const VILLAGE_NAMES = 10.6;
/** From this zoom a village is larger than the page: its name stands in each tile. */
const NEAR_NAMES = 14.5;

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

function lit(yes: string, no: string): DataDrivenPropertyValueSpecification<string> {
  return ['case', ['to-boolean', ['get', 'lit']], yes, no];
}
