import { describe, expect, it } from 'vitest';
import { barOf, scaleOf, telling } from './evidence';
import { grown, line, merge } from './lists';
import { stageOf } from './status';

const rows = (...ids: string[]) => ids.map((id) => ({ id }));

describe('lists', () => {
  it('grows without showing a row twice that moved while the person read', () => {
    expect(merge(rows('a', 'b'), rows('b', 'c'))).toEqual(rows('a', 'b', 'c'));
    expect(grown({ items: rows('a'), next: 'x' }, { items: rows('b'), next: null })).toEqual({
      items: rows('a', 'b'),
      next: null
    });
  });

  it('leaves out what is not known', () => {
    expect(line(['Srono', null, 2025, '', undefined, 0])).toBe('Srono · 2025 · 0');
  });
});

describe('evidence', () => {
  it('draws for and against on one scale', () => {
    const all = [{ bits: 8 }, { bits: -2 }, { bits: 0 }];
    expect(scaleOf(all)).toBe(8);
    expect(barOf(8, 8)).toEqual({ side: 'for', share: 1 });
    expect(barOf(-2, 8)).toEqual({ side: 'against', share: 0.25 });
    expect(barOf(0, 8)).toEqual({ side: 'none', share: 0 });
    expect(scaleOf([{ bits: 0.5 }])).toBe(4);
  });

  it('tells the strongest first', () => {
    expect(telling([{ bits: 1 }, { bits: 0 }, { bits: -3 }])).toEqual([{ bits: -3 }, { bits: 1 }]);
  });
});

describe('stages', () => {
  it('knows the three at which photos are due', () => {
    expect([0, 40, 50, 100].map(stageOf)).toEqual(['0 %', null, '50 %', '100 %']);
  });
});
