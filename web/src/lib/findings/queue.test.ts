import { describe, expect, it } from 'vitest';
import { filtersOf, searchOf } from './queue';

describe('the filters of the queue', () => {
  it('come back from the address as they went in', () => {
    for (const search of [
      '',
      '?severity=alert&year=2026',
      '?state=closed&kind=duplicate&village=v1'
    ]) {
      expect(searchOf(filtersOf(new URLSearchParams(search)))).toBe(search);
    }
  });
  it('are the open findings where nothing is said', () => {
    expect(filtersOf(new URLSearchParams()).state).toBe('open');
  });
});
