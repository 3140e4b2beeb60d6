import { describe, expect, test } from 'vitest';
import type { LineString, Point } from 'geojson';
import {
  asText,
  exchangedParts,
  readTyped,
  redrawn,
  resolved,
  shapeOf,
  type Part
} from './footprint';

const point = (lon: number, lat: number): Point => ({ type: 'Point', coordinates: [lon, lat] });
const part = (geometry: Part['geometry'], change: Partial<Part> = {}): Part => ({
  label: null,
  accuracy_m: null,
  geometry,
  ...change
});

describe('typed', () => {
  test('lines are points, or the corners of a line or an area', () => {
    const text = '-8.21, 114.37\n-8.22, 114.38\n-8.22, 114.36';
    expect(readTyped(text, 'point').geometries.map((one) => one.type)).toEqual(
      Array(3).fill('Point')
    );
    expect(readTyped(text, 'line').geometries).toEqual([
      {
        type: 'LineString',
        coordinates: [
          [114.37, -8.21],
          [114.38, -8.22],
          [114.36, -8.22]
        ]
      }
    ]);
    expect(readTyped(text, 'area').geometries).toEqual([
      {
        type: 'Polygon',
        coordinates: [
          [
            [114.37, -8.21],
            [114.38, -8.22],
            [114.36, -8.22],
            [114.37, -8.21]
          ]
        ]
      }
    ]);
  });

  test('an empty line begins the next part', () => {
    const text = '-8.21, 114.37\n-8.22, 114.38\n\n-8.23, 114.37\n-8.24, 114.38';
    expect(readTyped(text, 'line').geometries).toHaveLength(2);
  });

  test('a line of one corner waits for its second', () => {
    expect(readTyped('-8.21, 114.37', 'line')).toMatchObject({ missing: 1, geometries: [] });
    expect(readTyped('-8.21, 114.37', 'area')).toMatchObject({ missing: 2, geometries: [] });
    expect(readTyped('', 'line')).toMatchObject({ missing: 0, geometries: [] });
  });

  test('an exchanged pair is nothing until it is answered', () => {
    const text = '-8.21, 114.37\n114.38, -8.22';
    const typed = readTyped(text, 'line');
    expect(typed.geometries).toEqual([]);
    expect(typed.doubts.map((doubt) => doubt.line)).toEqual([2]);
    expect(readTyped(resolved(text, 'swapped'), 'line')).toMatchObject({
      doubts: [],
      geometries: [
        {
          coordinates: [
            [114.37, -8.21],
            [114.38, -8.22]
          ]
        }
      ]
    });
  });

  test('north of the equator, if the person says so', () => {
    const text = '8.21, 114.37';
    expect(readTyped(text, 'point').doubts).toHaveLength(1);
    expect(readTyped(text, 'point', new Set([text])).geometries).toEqual([point(114.37, 8.21)]);
    expect(resolved(text, 'north')).toBe('-8.21, 114.37');
  });
});

describe('drawn', () => {
  test('what is drawn can be read as text and back', () => {
    const line: LineString = {
      type: 'LineString',
      coordinates: [
        [114.3735, -8.2133],
        [114.4, -8.3]
      ]
    };
    const text = asText([part(line), part(line)], 'line');
    expect(text).toBe('-8.2133, 114.3735\n-8.3, 114.4\n\n-8.2133, 114.3735\n-8.3, 114.4');
    expect(readTyped(text ?? '', 'line').geometries).toEqual([line, line]);
  });

  test('parts of several kinds are not typed', () => {
    const parts = [
      part(point(1, 2)),
      part({
        type: 'LineString',
        coordinates: [
          [1, 2],
          [3, 4]
        ]
      })
    ];
    expect(asText(parts, 'point')).toBeNull();
    expect(shapeOf(parts)).toBe('point');
    expect(shapeOf([])).toBe('line');
  });

  test('a lamp that is moved keeps its name, its neighbours keep everything', () => {
    const [a, b] = [point(114, -8), point(114.1, -8)];
    const before = [
      part(a, { label: 'Tiang 1', accuracy_m: 4 }),
      part(b, { label: 'Tiang 2', accuracy_m: 5 })
    ];
    const there = point(114.2, -8);
    expect(redrawn(before, [a, there])).toEqual([
      { label: 'Tiang 1', accuracy_m: 4, geometry: a },
      { label: 'Tiang 2', accuracy_m: null, geometry: there }
    ]);
    expect(redrawn(before, [a, b, there])[2]).toEqual(part(there));
  });

  test('every corner is exchanged', () => {
    expect(exchangedParts([part(point(-8, 114))])).toEqual([part(point(114, -8))]);
  });
});
