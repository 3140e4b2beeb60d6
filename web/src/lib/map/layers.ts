/** The large map: its sources, and its layers in the order in which they are drawn. Pure. */
import type { LayerSpecification, SourceSpecification } from 'maplibre-gl';
import { collection } from './features';
import { bandLayers, linkLayers } from './finding-layers';
import { chosenVillage, focusHalo, focusRings } from './focus-layers';
import { nameLayers, sea, villageLayers } from './ground-layers';
import type { Palette } from './palette';
import { footprintLayers, markLayers } from './project-layers';
import { FOOTPRINT_ZOOM, SOURCES } from './style';

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
