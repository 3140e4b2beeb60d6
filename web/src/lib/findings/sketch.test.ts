import { describe, expect, it } from 'vitest';
import { sketchOf } from './sketch';

const line = (...coordinates: [number, number][]) => ({ type: 'LineString' as const, coordinates });

describe('the drawing of a finding', () => {
  it('has everything inside its frame, north up', () => {
    const drawn = sketchOf(
      [
        { geometry: line([114.3, -8.21], [114.305, -8.212]), role: 'first' },
        { geometry: { type: 'Point', coordinates: [114.302, -8.209] }, role: 'second' }
      ],
      [],
      600,
      300
    );
    const numbers = drawn?.strokes[0]?.path.match(/[\d.]+/g)?.map(Number) ?? [];
    expect(numbers).toHaveLength(4);
    expect(numbers.every((one, at) => one > 0 && one < (at % 2 ? 300 : 600))).toBe(true);
    expect(drawn?.dots[0]?.y).toBeLessThan(numbers[1] ?? 0);
  });
  it('tells a length that a person can measure by', () => {
    const drawn = sketchOf(
      [{ geometry: line([114.3, -8.21], [114.3091, -8.21]), role: 'first' }],
      [],
      680,
      300
    );
    expect(drawn?.bar.metres).toBe(200);
    expect(drawn?.bar.width).toBeLessThan(170);
  });
  it('draws one point without dividing by nothing', () => {
    const drawn = sketchOf(
      [{ geometry: { type: 'Point', coordinates: [114.3, -8.2] }, role: 'main' }],
      [],
      100,
      100
    );
    expect(drawn?.dots[0]).toEqual({ role: 'main', x: 50, y: 50 });
  });
  it('puts how far apart two works are beside the line between them', () => {
    const link = {
      geometry: line([114.3, -8.21], [114.301, -8.21]),
      role: 'link' as const,
      label: '110 m'
    };
    expect(sketchOf([link], [], 200, 100)?.labels).toEqual([{ text: '110 m', x: 100, y: 50 }]);
  });
  it('puts the letters of works on one spot beside each other', () => {
    const spot = { type: 'Point' as const, coordinates: [114.3, -8.2] };
    const letters = ['A', 'B', 'C'].map((label) => ({
      geometry: spot,
      role: 'letter' as const,
      label,
      of: 'other' as const
    }));
    const drawn = sketchOf(letters, [], 200, 100);
    expect(new Set(drawn?.labels.map((one) => one.x)).size).toBe(3);
    expect(drawn?.dots).toEqual([]);
  });
  it('is none where nothing has a place', () => {
    expect(sketchOf([], [], 100, 100)).toBeNull();
  });
});
