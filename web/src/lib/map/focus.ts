/** What is lit on the map: the selected thing and the one under the pointer. Pure. */
import type { Feature, FeatureCollection, Geometry, Position } from 'geojson';
import { collection, type Placed, type PlacedFinding } from './features';

export type FocusRole = 'selected' | 'hovered';
export type FocusShape = { geometries: Geometry[]; centres: Position[] };

export function projectShape(project: Placed): FocusShape {
  return {
    geometries: project.geometry ? [project.geometry] : [],
    centres: project.centre ? [project.centre] : []
  };
}

export function findingShape(finding: PlacedFinding, members: readonly Placed[]): FocusShape {
  return {
    geometries: [
      ...members.flatMap((member) => member.geometry ?? []),
      ...finding.features.flatMap(({ properties, geometry }) =>
        properties.role === 'shared' || !geometry ? [] : [geometry]
      )
    ],
    centres: members.flatMap((member) => (member.centre ? [member.centre] : []))
  };
}

export function focusFeatures(
  shapes: Partial<Record<FocusRole, FocusShape | null>>
): FeatureCollection {
  const features: Feature[] = [];
  for (const role of ['hovered', 'selected'] as const) {
    const shape = shapes[role];
    const drawn = shape?.geometries.some((geometry) => !geometry.type.endsWith('Point')) ?? false;
    for (const geometry of shape?.geometries ?? []) {
      features.push({ type: 'Feature', geometry, properties: { role, centre: 'no' } });
    }
    for (const coordinates of shape?.centres ?? []) {
      features.push({
        type: 'Feature',
        geometry: { type: 'Point', coordinates },
        // Where a line or an area has its own halo, a ring would only hide it from near.
        properties: { role, centre: drawn ? 'far' : 'always' }
      });
    }
  }
  return collection(features);
}
