import { describe, expect, it } from 'vitest';
import { shapesOf } from './shapes';

const line = {
  type: 'LineString' as const,
  coordinates: [
    [114.3, -8.2],
    [114.31, -8.2]
  ]
};
const members = ['a', 'b', 'c', 'd', 'e'].map((id) => ({ id }));
const footprints = members.map(({ id }) => ({ project_id: id, parts: [line], within_m: null }));

describe('the map of a finding of five works on one line', () => {
  const letters = shapesOf(footprints as never, [], members.slice(0, 4), members).filter(
    (one) => one.role === 'letter'
  );
  it('names each of them, the fifth too, in its own colour', () => {
    expect(letters.map((one) => one.label)).toEqual(['A', 'B', 'C', 'D', 'E']);
    expect(letters.map((one) => one.of)).toEqual(['first', 'second', 'third', 'fourth', 'other']);
  });
  it('puts no letter upon another', () => {
    const spots = new Set(letters.map((one) => JSON.stringify(one.geometry)));
    expect(spots.size).toBe(5);
  });
});
