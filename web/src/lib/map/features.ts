/** From what the API gives to what the map's sources hold. Pure. */
import type { Feature, FeatureCollection, Geometry, LineString, Point } from 'geojson';
import { boundsOf, halfWay, labelPoint, middle, type Bounds } from './geometry';
import { markIcon, type Ring } from './marks';

/** What GET /api/v1/map/projects says of a project. */
export type MapProject = {
  id: string;
  title: string;
  status: string;
  year: number;
  /** its name, or null where it is not known */
  village: string | null;
  percent: number | null;
  /** how many open findings it stands in; 0 for the public */
  findings: number;
  alert: boolean;
  centre: [number, number] | null;
};
export type ProjectFeature = Feature<Geometry | null, MapProject>;

export type PairMetres = { distance_m: number | null; shared_m: number | null };

/** What GET /api/v1/map/findings says of a finding; `role` says what is drawn. */
type MapFinding = {
  id: string;
  role: 'link' | 'shared' | 'mark';
  severity?: 'alert' | 'review' | 'note';
  verdict_kind?: string | null;
  distance_m?: number | null;
  shared_m?: number | null;
  /** of the two works that a link leads between */
  pair?: PairMetres;
  headline?: string;
  /** the money that may have been paid twice */
  rupiah?: number;
  members?: string[];
  titles?: string[];
  villages?: string[];
};
/** Without a geometry where no place is known: then it is in the list alone. */
export type FindingFeature = Feature<Geometry | null, MapFinding>;

export type Boundary = Feature<
  Geometry,
  {
    id: string;
    code: string;
    name: string;
    district: string;
    kind: string;
    schematic: boolean;
    lit: boolean;
  }
>;

/** A project on the map, with its place worked out once. */
export type Placed = MapProject & { geometry: Geometry | null; box: Bounds | null };

/** A finding on the map: all its drawn parts together. */
export type PlacedFinding = Omit<MapFinding, 'role' | 'pair'> & {
  box: Bounds | null;
  features: FindingFeature[];
};

export function ringOf(project: Pick<MapProject, 'findings' | 'alert'>): Ring {
  if (project.alert) return 'alert';
  return project.findings > 0 ? 'review' : 'none';
}

export function place(feature: ProjectFeature): Placed {
  const box = feature.geometry ? boundsOf([feature.geometry]) : null;
  const centre = feature.properties.centre ?? (box && middle(box));
  return {
    ...feature.properties,
    centre,
    geometry: feature.geometry,
    box: box ?? (centre && [...centre, ...centre])
  };
}

/** One point a project, for dots and clusters. */
export function pointsOf(projects: readonly Placed[]): FeatureCollection<Point> {
  return collection(
    projects.flatMap((project) => {
      if (!project.centre) return [];
      const ring = ringOf(project);
      return [
        {
          type: 'Feature' as const,
          geometry: { type: 'Point' as const, coordinates: project.centre },
          properties: {
            id: project.id,
            icon: markIcon(project.status, ring),
            alert: ring === 'alert' ? 1 : 0,
            review: ring === 'review' ? 1 : 0
          }
        }
      ];
    })
  );
}

/** The true footprints. */
export function shapesOf(projects: readonly Placed[]): FeatureCollection {
  return collection(
    projects.flatMap((project) =>
      project.geometry
        ? [
            {
              type: 'Feature' as const,
              geometry: project.geometry,
              properties: { id: project.id, status: project.status }
            }
          ]
        : []
    )
  );
}

/** Puts the parts of each finding together: first come, first in the list. */
export function gatherFindings(features: readonly FindingFeature[]): PlacedFinding[] {
  const byId = new Map<string, PlacedFinding>();
  for (const feature of features) {
    const { id } = feature.properties;
    const known: Partial<PlacedFinding> = byId.get(id) ?? {};
    const parts = [...(known.features ?? []), feature];
    // A "shared" part says only its id: what the link said stays.
    const said = Object.entries(feature.properties).filter(
      ([key]) => key !== 'role' && key !== 'pair'
    );
    byId.set(id, {
      ...known,
      ...Object.fromEntries(said),
      id,
      features: parts,
      box: boundsOf(parts.flatMap((part) => part.geometry ?? []))
    });
  }
  return [...byId.values()];
}

/** Links, bands and marks, and where the labels of links stand. `label` words the distance or what is shared. */
export function findingSources(
  findings: readonly PlacedFinding[],
  label: (pair: PairMetres) => string
): { parts: FeatureCollection; labels: FeatureCollection<Point> } {
  const parts: Feature[] = [];
  const labels: Feature<Point>[] = [];
  for (const finding of findings) {
    for (const { geometry, properties } of finding.features) {
      if (!geometry) continue;
      const severity = finding.severity ?? 'review';
      parts.push({
        type: 'Feature',
        geometry,
        properties: { id: finding.id, role: properties.role, severity }
      });
      if (properties.pair && geometry.type === 'LineString') {
        labels.push(linkLabel(finding, geometry, label(properties.pair)));
      }
    }
  }
  return { parts: collection(parts), labels: collection(labels) };
}

function linkLabel(finding: PlacedFinding, line: LineString, text: string): Feature<Point> {
  return {
    type: 'Feature',
    geometry: { type: 'Point', coordinates: halfWay(line.coordinates) },
    properties: {
      id: finding.id,
      severity: finding.severity ?? 'review',
      text
    }
  };
}

/** The names of villages, and of districts in the middle of their villages. */
export function namesOf(boundaries: readonly Boundary[]): FeatureCollection<Point> {
  const names: Feature<Point>[] = [];
  const districts = new Map<string, { boxes: Boundary[]; lit: boolean }>();
  for (const village of boundaries) {
    const { name, district, lit } = village.properties;
    const at = labelPoint(village.geometry);
    if (at) names.push(named(at, { name, lit, rank: 'village' }));
    const known = districts.get(district) ?? { boxes: [], lit: false };
    known.boxes.push(village);
    known.lit ||= lit;
    districts.set(district, known);
  }
  for (const [name, { boxes, lit }] of districts) {
    const box = boundsOf(boxes.map((village) => village.geometry));
    if (box && name) names.push(named(middle(box), { name, lit, rank: 'district' }));
  }
  return collection(names);
}

function named(at: [number, number], properties: object): Feature<Point> {
  return { type: 'Feature', geometry: { type: 'Point', coordinates: at }, properties };
}

export function collection<G extends Geometry>(features: Feature<G>[]): FeatureCollection<G> {
  return { type: 'FeatureCollection', features };
}
