import { describe, expect, test } from 'vitest';
import type { Position } from 'geojson';
import {
  add,
  canFinish,
  EMPTY,
  finish,
  fromGeometries,
  handles,
  move,
  toGeometries,
  type Drawing,
  type DrawMode
} from './draw-model';

const A: Position = [114, -8];
const B: Position = [114.001, -8];
const C: Position = [114.001, -8.001];

function drawn(mode: DrawMode, ...corners: Position[]): Drawing {
  return corners.reduce((drawing, corner) => add(drawing, mode, corner), EMPTY);
}

test('twenty lamps are twenty points of one drawing', () => {
  const lamps = Array.from({ length: 20 }, (_, i): Position => [114 + i / 1000, -8]);
  const drawing = drawn('point', ...lamps);
  expect(toGeometries(drawing, 'point')).toHaveLength(20);
  expect(handles(drawing)).toHaveLength(20);
});

test('a line counts before it is finished, so that nobody loses it', () => {
  expect(toGeometries(drawn('line', A), 'line')).toEqual([]);
  expect(toGeometries(drawn('line', A, B), 'line')).toEqual([
    { type: 'LineString', coordinates: [A, B] }
  ]);
});

test('the second click of a double click makes no corner', () => {
  const drawing = finish(drawn('line', A, B, B), 'line');
  expect(drawing.parts).toEqual([{ type: 'LineString', coordinates: [A, B] }]);
  expect(canFinish(drawn('line', A, A), 'line')).toBe(false);
});

describe('an area', () => {
  test('is closed and goes counter-clockwise, whichever way it was drawn', () => {
    const [area] = finish(drawn('area', A, B, C), 'area').parts;
    const [turned] = finish(drawn('area', C, B, A), 'area').parts;
    expect(area).toEqual({ type: 'Polygon', coordinates: [[C, B, A, C]] });
    expect(turned).toEqual({ type: 'Polygon', coordinates: [[C, B, A, C]] });
  });

  test('of two corners is none', () => {
    expect(finish(drawn('area', A, B), 'area')).toEqual(EMPTY);
  });

  test('stays closed when its first corner is dragged', () => {
    const area = finish(drawn('area', C, B, A), 'area');
    const dragged = move(area, { part: 0, corner: 0 }, [115, -9]);
    expect(dragged.parts[0]?.coordinates).toEqual([[[115, -9], B, A, [115, -9]]]);
  });
});

test('dragging moves one corner and leaves the old drawing for undo', () => {
  const before = finish(drawn('line', A, B), 'line');
  const after = move(before, { part: 0, corner: 1 }, C);
  expect(after.parts[0]?.coordinates).toEqual([A, C]);
  expect(before.parts[0]?.coordinates).toEqual([A, B]);
  expect(move(drawn('line', A, B), { part: null, corner: 0 }, C).corners).toEqual([C, B]);
});

test('what many parts came as can be drawn on', () => {
  const drawing = fromGeometries([
    { type: 'MultiPoint', coordinates: [A, B] },
    { type: 'GeometryCollection', geometries: [{ type: 'LineString', coordinates: [A, B] }] }
  ]);
  expect(drawing.parts.map((part) => part.type)).toEqual(['Point', 'Point', 'LineString']);
});

test('positions are kept to a centimetre', () => {
  expect(drawn('line', [114.123456789, -8.987654321]).corners).toEqual([[114.1234568, -8.9876543]]);
});
