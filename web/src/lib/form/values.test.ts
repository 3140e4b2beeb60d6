import { describe, expect, test } from 'vitest';
import type { Footprint } from './footprint';
import { asDraft, changes, decimal, emptyFund, emptyValues, rebased, type Values } from './values';

const nowhere: Footprint = { how: 'map', parts: [] };
const values = (change: Partial<Values> = {}): Values => ({
  ...emptyValues(2026),
  title: 'Rabat beton',
  village: { id: 'v1', code: '35.10.11.2001', name: 'Karangrejo', district: 'Rogojampi' },
  ...change
});

describe('a draft', () => {
  test('leaves empty rows out and empty texts null', () => {
    const rows = [emptyFund(1), { ...emptyFund(2), fund: ' DD ', amount: '150.000.000' }];
    const draft = asDraft(values({ funding: rows, executor: '  ', volume: '120,5' }), nowhere);
    expect(draft).toMatchObject({
      title: 'Rabat beton',
      village_id: 'v1',
      fiscal_year: 2026,
      executor: null,
      volume: 120.5,
      footprint: null,
      funding: [{ fund: 'DD', amount_rupiah: 150_000_000 }]
    });
  });

  test('numbers are read as they are written here', () => {
    expect(['120', '120,5', '12.5', '1.250', '1.250,75', '', 'satu', '-3'].map(decimal)).toEqual([
      120,
      120.5,
      12.5,
      1250,
      1250.75,
      null,
      null,
      null
    ]);
  });
});

describe('a correction', () => {
  const before = asDraft(values(), nowhere);

  test('sends what changed and nothing else', () => {
    expect(changes(before, asDraft(values(), nowhere))).toEqual({});
    expect(changes(before, asDraft(values({ rt: '03', status: 'running' }), nowhere))).toEqual({
      rt: '03',
      status: 'running'
    });
  });

  test("one's own changes lie on top of another's", () => {
    const mine = values({ title: 'Rabat beton RT 03', executor: 'TPK Melati' });
    const theirs = values({ title: 'Rabat beton Krajan', hamlet: 'Krajan' });
    const result = rebased(
      before,
      { values: mine, draft: asDraft(mine, nowhere) },
      { values: theirs, draft: asDraft(theirs, nowhere) }
    );
    expect(result.values).toMatchObject({
      title: 'Rabat beton RT 03',
      executor: 'TPK Melati',
      hamlet: 'Krajan'
    });
    expect(result.overlap).toEqual(['title']);
    expect(result.keepsFootprint).toBe(false);
  });

  test('another village is one change', () => {
    const mine = values({
      village: { id: 'v2', code: '35.10.11.2002', name: 'Kedaleman', district: 'Rogojampi' }
    });
    const result = rebased(
      before,
      { values: mine, draft: asDraft(mine, nowhere) },
      { values: values(), draft: before }
    );
    expect(result.values.village?.id).toBe('v2');
  });
});
