import { describe, expect, test } from 'vitest';
import type { Geometry } from 'geojson';
import {
  areaOf,
  boundsOf,
  distance,
  halfWay,
  labelPoint,
  lengthOf,
  middle,
  touches
} from './geometry';

describe('bounds', () => {
  test('the box holds every part of a collection', () => {
    const collection: Geometry = {
      type: 'GeometryCollection',
      geometries: [
        { type: 'Point', coordinates: [114, -8] },
        {
          type: 'LineString',
          coordinates: [
            [114.2, -8.3],
            [114.1, -7.9]
          ]
        }
      ]
    };
    expect(boundsOf([collection])).toEqual([114, -8.3, 114.2, -7.9]);
  });

  test('nothing has no box', () => {
    expect(boundsOf([])).toBeNull();
    expect(boundsOf([{ type: 'MultiPoint', coordinates: [] }])).toBeNull();
  });

  test('boxes that share an edge touch, boxes apart do not', () => {
    expect(touches([0, 0, 1, 1], [1, 1, 2, 2])).toBe(true);
    expect(touches([0, 0, 1, 1], [1.1, 0, 2, 1])).toBe(false);
    expect(middle([0, 0, 2, 4])).toEqual([1, 2]);
  });
});

describe('label placement', () => {
  test('the name of a horseshoe stands on the shoe, not in its gap', () => {
    const shoe: Geometry = {
      type: 'Polygon',
      coordinates: [
        [
          [0, 0],
          [9, 0],
          [9, 9],
          [6, 9],
          [6, 3],
          [3, 3],
          [3, 9],
          [0, 9],
          [0, 0]
        ]
      ]
    };
    const [x, y] = labelPoint(shoe) ?? [NaN, NaN];
    expect(x < 3 || x > 6 || y < 3).toBe(true);
  });

  test('the largest island carries the name', () => {
    const islands: Geometry = {
      type: 'MultiPolygon',
      coordinates: [
        [
          [
            [0, 0],
            [1, 0],
            [1, 1],
            [0, 1],
            [0, 0]
          ]
        ],
        [
          [
            [10, 10],
            [20, 10],
            [20, 20],
            [10, 20],
            [10, 10]
          ]
        ]
      ]
    };
    expect(labelPoint(islands)).toEqual([15, 15]);
  });

  test('what has no area has no name point', () => {
    expect(labelPoint({ type: 'Point', coordinates: [1, 1] })).toBeNull();
  });
});

describe('measures', () => {
  test('half-way goes by length and not by corners', () => {
    const [lon] = halfWay([
      [0, 0],
      [0.001, 0],
      [0.002, 0],
      [0.01, 0]
    ]);
    expect(lon).toBeCloseTo(0.005, 6);
    expect(halfWay([[3, 4]])).toEqual([3, 4]);
    expect(
      halfWay([
        [3, 4],
        [3, 4]
      ])
    ).toEqual([3, 4]);
  });

  test('a thousandth of a degree of latitude is 111.2 m', () => {
    expect(distance([114, -8], [114, -8.001])).toBeCloseTo(111.19, 1);
    expect(
      lengthOf([
        [114, -8],
        [114, -8.001],
        [114, -8.002]
      ])
    ).toBeCloseTo(222.39, 1);
  });

  test('a square of a thousandth of a degree near Banyuwangi is 1.22 ha', () => {
    const side = 0.001;
    const ring = [
      [114, -8],
      [114 + side, -8],
      [114 + side, -8 + side],
      [114, -8 + side],
      [114, -8]
    ];
    expect(areaOf(ring) / 10_000).toBeCloseTo(1.224, 2);
  });
});
