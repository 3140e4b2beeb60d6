import { describe, expect, it } from 'vitest';
import {
  areSame,
  BY_ITSELF,
  cellOf,
  fieldOf,
  SET_ASIDE,
  valueOf,
  withCell,
  withField,
  withReading,
  withValue,
  type Choices
} from './choices';

const none: Choices = {
  source: null,
  layer: null,
  crs: null,
  swap: false,
  columns: [],
  values: [],
  key: [],
  cells: [],
  readings: []
};

describe('choices', () => {
  it('give one field to one column', () => {
    const first = withField(none, 'Uraian', 'title');
    const second = withField(first, 'Ihwal', 'title');
    expect([fieldOf(second, 'Uraian'), fieldOf(second, 'Ihwal')]).toEqual([BY_ITSELF, 'title']);
    expect(fieldOf(withField(second, 'Ihwal', SET_ASIDE), 'Ihwal')).toBe(SET_ASIDE);
    const two = withField(withField(none, 'a', SET_ASIDE), 'b', SET_ASIDE);
    expect(two.columns).toHaveLength(2);
    expect(withField(second, 'Ihwal', BY_ITSELF).columns).toEqual([]);
  });

  it('correct a cell, also to nothing, and take it back', () => {
    const cell = withCell(withCell(none, 3, 'Pagu', '75'), 3, 'Pagu', '');
    expect(cellOf(cell, 3, 'Pagu')).toBe('');
    expect(cell.cells).toHaveLength(1);
    expect(areSame(withCell(cell, 3, 'Pagu', null), none)).toBe(true);
  });

  it('are the same whatever the order in which they were made', () => {
    const one = withReading(withValue(none, 'fiscal_year', '2026'), 4, true);
    const other = withValue(withReading(none, 4, true), 'fiscal_year', '2026');
    expect(areSame(one, other)).toBe(true);
    expect(areSame(one, withValue(one, 'fiscal_year', '2025'))).toBe(false);
    expect(valueOf(withValue(one, 'fiscal_year', ' '), 'fiscal_year')).toBe('');
    expect(areSame({ ...none, source: '' }, none)).toBe(true);
  });
});
