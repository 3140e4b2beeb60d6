import { describe, expect, test } from 'vitest';
import { faultsOf, NOTE_CHARS } from './faults';

const day = '2026-11-20';
const good = { percent: 50, reported_on: day, note: '' };

describe('what keeps a report from being sent', () => {
  test('nothing where all is well', () => {
    expect(faultsOf(good, day)).toEqual({});
    expect(faultsOf({ ...good, percent: 0 }, day)).toEqual({});
  });

  test('each fault at its field', () => {
    expect(faultsOf({ percent: null, reported_on: '', note: '' }, day)).toEqual({
      percent: 'percentMissing',
      date: 'dateMissing'
    });
    const note = 'x'.repeat(NOTE_CHARS + 1);
    expect(faultsOf({ percent: 101, reported_on: '2026-11-21', note }, day)).toEqual({
      percent: 'percentRange',
      date: 'dateFuture',
      note: 'noteLong'
    });
    expect(faultsOf({ ...good, percent: Number.NaN }, day)).toEqual({ percent: 'percentRange' });
  });
});
