import { expect, test } from 'vitest';
import { faults, ofServer, type Filled } from './faults';
import { asDraft, emptyFund, emptyValues, type Values } from './values';

const VILLAGE = { id: 'v1', code: '35.10.01.2001', name: 'Sarongan', district: 'Pesanggaran' };

function filled(values: Partial<Values> = {}, rest: Partial<Filled> = {}): Filled {
  const all = {
    ...emptyValues(2026),
    title: 'Jalan',
    village: VILLAGE,
    ...values
  };
  const draft = asDraft(all, { how: 'map', parts: [] });
  return {
    values: all,
    draft,
    base: null,
    reason: '',
    isPending: false,
    lacksPlace: false,
    isFar: false,
    ...rest
  };
}
const messages = (form: Filled) => faults(form, 300).map((one) => one.message);

test('an empty form misses a title and a village', () => {
  const fields = faults(filled({ title: ' ', village: null }), 300).map((one) => one.field);
  expect(fields).toEqual(['title', 'village_id']);
  expect(messages(filled())).toEqual([]);
});

test('what is typed wrongly is named at its field', () => {
  const wrong = filled({
    title: 'x'.repeat(301),
    fiscal_year: '26',
    funding: [emptyFund(1), { ...emptyFund(2), amount: '5' }],
    volume: 'banyak',
    start_on: '2026-05-01',
    finish_on: '2026-04-01'
  });
  expect(faults(wrong, 300).map((one) => one.field)).toEqual([
    'title',
    'fiscal_year',
    'funding[1].fund',
    'volume',
    'finish_on'
  ]);
});

test('the server counts only the lines that were sent', () => {
  const { values } = filled({ funding: [emptyFund(1), { ...emptyFund(2), fund: 'DD' }] });
  expect(ofServer('funding[0].amount_rupiah', values)).toBe('funding[1].amount_rupiah');
  expect(ofServer('footprint.parts[1].geometry', values)).toBe('footprint');
  expect(ofServer('title', values)).toBe('title');
});

test('a question about the place is answered before anything is sent', () => {
  expect(messages(filled({}, { isPending: true }))).toEqual(['coordinatesPending']);
  expect(messages(filled({}, { lacksPlace: true }))).toEqual(['placeMissing']);
  expect(messages(filled({}, { isFar: true }))).toEqual(['placeFar']);
});

test('a correction needs a change and a reason, and takes no place away', () => {
  const base = filled().draft;
  expect(messages(filled({}, { base }))).toEqual(['reasonMissing', 'nothingChanged']);
  expect(messages(filled({ title: 'Jalan Baru' }, { base, reason: 'salah ketik' }))).toEqual([]);
  const placed = { ...base, footprint: { how: 'map' as const, parts: [] } };
  expect(messages(filled({}, { base: placed, reason: 'salah' }))).toEqual(['footprintGone']);
});
