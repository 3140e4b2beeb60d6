import { expect, test } from 'vitest';
import {
  findingSources,
  gatherFindings,
  namesOf,
  place,
  pointsOf,
  ringOf,
  shapesOf,
  type Boundary,
  type FindingFeature,
  type ProjectFeature
} from './features';

function project(change: Partial<ProjectFeature['properties']> = {}): ProjectFeature {
  return {
    type: 'Feature',
    geometry: {
      type: 'LineString',
      coordinates: [
        [114, -8],
        [114.002, -8]
      ]
    },
    properties: {
      id: 'p1',
      title: 'Rabat beton',
      status: 'running',
      year: 2025,
      village: 'Kalirejo',
      percent: 40,
      findings: 0,
      alert: false,
      centre: null,
      ...change
    }
  };
}

test('a project without a centre stands in the middle of its footprint', () => {
  expect(place(project()).centre).toEqual([114.001, -8]);
  expect(place(project({ centre: [114.5, -8.5] })).centre).toEqual([114.5, -8.5]);
});

test('a project without any place is in the list and not on the map', () => {
  const nowhere = place({ ...project(), geometry: null });
  expect(nowhere.box).toBeNull();
  expect(pointsOf([nowhere]).features).toHaveLength(0);
  expect(shapesOf([nowhere]).features).toHaveLength(0);
});

test('the ring says alert before review, and nothing without a finding', () => {
  expect(ringOf({ findings: 2, alert: true })).toBe('alert');
  expect(ringOf({ findings: 1, alert: false })).toBe('review');
  expect(ringOf({ findings: 0, alert: false })).toBe('none');
  const [point] = pointsOf([place(project({ findings: 1, alert: true }))]).features;
  expect(point?.properties).toMatchObject({ icon: 'mark-running-alert', alert: 1, review: 0 });
});

const link: FindingFeature = {
  type: 'Feature',
  geometry: {
    type: 'LineString',
    coordinates: [
      [114, -8],
      [114.001, -8]
    ]
  },
  properties: {
    id: 'f1',
    role: 'link',
    severity: 'alert',
    distance_m: 12,
    pair: { distance_m: 12, shared_m: null },
    headline: 'Dua catatan',
    members: ['p1', 'p2']
  }
};
const shared: FindingFeature = {
  type: 'Feature',
  geometry: {
    type: 'LineString',
    coordinates: [
      [114, -8.1],
      [114.001, -8]
    ]
  },
  properties: { id: 'f1', role: 'shared' }
};

test('the parts of a finding come together and keep what the link said', () => {
  for (const order of [
    [link, shared],
    [shared, link]
  ]) {
    const [finding, ...others] = gatherFindings(order);
    expect(others).toHaveLength(0);
    expect(finding).toMatchObject({ severity: 'alert', headline: 'Dua catatan' });
    expect(finding?.box).toEqual([114, -8.1, 114.001, -8]);
    const { parts, labels } = findingSources(gatherFindings(order), (one) => `${one.distance_m} m`);
    expect(parts.features.every((part) => part.properties?.severity === 'alert')).toBe(true);
    expect(labels.features.map((label) => label.properties?.text)).toEqual(['12 m']);
  }
});

test('each link is labelled with the metres of its own pair', () => {
  const far: FindingFeature = {
    ...link,
    properties: { ...link.properties, pair: { distance_m: 340, shared_m: null } }
  };
  const { labels } = findingSources(gatherFindings([link, far]), (one) => `${one.distance_m} m`);
  expect(labels.features.map((label) => label.properties?.text)).toEqual(['12 m', '340 m']);
});

test('a link is drawn where the two works come nearest, and labelled half-way', () => {
  const { parts, labels } = findingSources(gatherFindings([link, shared]), () => '12 m');
  expect(parts.features.map((part) => part.geometry)).toEqual([link.geometry, shared.geometry]);
  const [at] = labels.features.map((label) => label.geometry.coordinates);
  expect(at?.[0]).toBeCloseTo(114.0005, 6);
  expect(at?.[1]).toBeCloseTo(-8, 6);
});

test('a district is named once, and is lit where one of its villages is', () => {
  const village = (name: string, lon: number, lit: boolean): Boundary => ({
    type: 'Feature',
    geometry: {
      type: 'Polygon',
      coordinates: [
        [
          [lon, -8],
          [lon + 1, -8],
          [lon + 1, -7],
          [lon, -7],
          [lon, -8]
        ]
      ]
    },
    properties: {
      id: name,
      code: name,
      name,
      district: 'Muncar',
      kind: 'desa',
      schematic: false,
      lit
    }
  });
  const names = namesOf([village('Tembokrejo', 113, false), village('Blambangan', 114, true)]);
  const district = names.features.filter((feature) => feature.properties?.rank === 'district');
  expect(names.features).toHaveLength(3);
  expect(district[0]).toMatchObject({
    properties: { name: 'Muncar', lit: true },
    geometry: { coordinates: [114, -7.5] }
  });
});
