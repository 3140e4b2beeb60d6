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

test('there and back', () => {
  expect(amountOf('150.000.000')).toBe(150_000_000);
  expect(amountOf('')).toBeNull();
  expect(ofAmount(null)).toBe('');
  expect(ofAmount(98_765_432)).toBe('98.765.432');
});
