import { expect, test } from 'vitest';
import { amountOf, ofAmount, pasted, typed } from './rupiah';

test('digits are grouped as they are typed, and the caret stays behind its digit', () => {
  expect(typed('1500', 4)).toEqual({ text: '1.500', caret: 5 });
  expect(typed('1.5000', 6)).toEqual({ text: '15.000', caret: 6 });
  // a digit typed in the middle
  expect(typed('1.9500', 3)).toEqual({ text: '19.500', caret: 2 });
  // one taken away: what was 150.000 is fifteen thousand, not a hundred and fifty
  expect(typed('150.00', 6)).toEqual({ text: '15.000', caret: 6 });
  expect(typed('Rp', 2)).toEqual({ text: '', caret: 0 });
  expect(typed('007', 3)).toEqual({ text: '7', caret: 1 });
});

test('a pasted sum loses its sign and its cents', () => {
  expect(pasted(' Rp 150.000.000,00 ')).toBe('150.000.000');
  expect(pasted('150,000,000.00')).toBe('150.000.000');
  expect(pasted('150.000')).toBe('150.000');
});

test('cents typed out of habit make no sum a hundred times as much', () => {
  let shown = '';
  for (const key of '150000000,00') {
    shown = typed(shown + key, shown.length + 1).text;
  }
  expect(shown).toBe('150.000.000,00');
  expect(amountOf(shown)).toBe(150_000_000);
  expect(typed('150.000.000,005', 15)).toEqual({ text: '150.000.000,00', caret: 14 });
  expect(typed('1.950,5', 2)).toEqual({ text: '1.950,5', caret: 1 });
  expect(typed(',', 1)).toEqual({ text: '', caret: 0 });
});

test('millions and billions may be written as words, as offices write them', () => {
  expect(typed('150j', 4)).toEqual({ text: '150.000.000', caret: 11 });
  expect(typed('150.000.000u', 12)).toEqual({ text: '150.000.000', caret: 11 });
  expect(typed('1,5m', 4).text).toBe('1.500.000.000');
  expect(typed('750r', 4).text).toBe('750.000');
  expect(pasted('Rp 328,5 jt')).toBe('328.500.000');
  expect(pasted('150 juta')).toBe('150.000.000');
  expect(pasted('Rp. 2 miliar')).toBe('2.000.000.000');
});

test('there and back', () => {
  expect(amountOf('150.000.000')).toBe(150_000_000);
  expect(amountOf('')).toBeNull();
  expect(ofAmount(null)).toBe('');
  expect(ofAmount(98_765_432)).toBe('98.765.432');
});
