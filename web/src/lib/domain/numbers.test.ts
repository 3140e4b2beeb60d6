import { describe, expect, it } from 'vitest';
import { accuracyOf, formatDistance } from './distance';
import { formatRupiah, formatRupiahShort, readRupiah } from './money';
import { formatBytes, formatPercent, readNumber } from './numbers';

describe('money', () => {
  it('is short in overviews', () => {
    expect(formatRupiahShort(150_000_000, 'id')).toBe('Rp150 juta');
    expect(formatRupiahShort(1_250_000_000, 'id')).toBe('Rp1,25 miliar');
    expect(formatRupiahShort(78_300_000, 'id')).toBe('Rp78,3 juta');
    expect(formatRupiahShort(148_500_000, 'id')).toBe('Rp148,5 juta');
    expect(formatRupiahShort(999_000, 'id')).toBe('Rp999.000');
    expect(formatRupiahShort(1_250_000_000, 'en')).toBe('Rp1.25 billion');
    expect(formatRupiahShort(0, 'id')).toBe('Rp0');
  });

  it('is full in facts', () => {
    expect(formatRupiah(150_000_000, 'id')).toBe('Rp150.000.000');
    expect(formatRupiah(150_000_000, 'en')).toBe('Rp150,000,000');
  });

  it.each([
    ['150.000.000', 150_000_000],
    ['Rp 150.000.000', 150_000_000],
    ['Rp. 150000000', 150_000_000],
    ['150.000.000,00', 150_000_000],
    ['150 juta', 150_000_000],
    ['1,25 miliar', 1_250_000_000],
    ['1.250 juta', 1_250_000_000],
    ['500 rb', 500_000],
    ['0', 0]
  ])('reads %s', (text, rupiah) => expect(readRupiah(text)).toBe(rupiah));

  it.each(['', 'seratus', '12 euro', '-5'])('does not guess at %s', (text) =>
    expect(readRupiah(text)).toBeNull()
  );
});

describe('numbers', () => {
  it('writes distances', () => {
    expect(formatDistance(12.4, 'id')).toBe('12 m');
    expect(formatDistance(999.7, 'id')).toBe('1 km');
    expect(formatDistance(1_430, 'id')).toBe('1,4 km');
    expect(formatDistance(1_430, 'en')).toBe('1.4 km');
  });

  it('writes percents and sizes', () => {
    expect(formatPercent(40, 'id')).toBe('40 %');
    expect(formatPercent(37.5, 'id')).toBe('37,5 %');
    expect(formatBytes(2_340_000, 'id')).toBe('2,3 MB');
    expect(formatBytes(60_480_000_000, 'id')).toBe('60,5 GB');
    expect(formatBytes(81_900, 'id')).toBe('82 kB');
  });

  it.each([
    ['12,75', 12.75],
    ['12.75', 12.75],
    ['1.250', 1250],
    ['1.250,5', 1250.5],
    ['120', 120]
  ])('reads %s', (text, value) => expect(readNumber(text)).toBe(value));

  it.each(['', 'x', '1,2,x'])('does not guess at %s', (text) =>
    expect(readNumber(text)).toBeNull()
  );

  it('says how good a position is', () => {
    expect([5, 10, 11, 30, 31, 3000].map(accuracyOf)).toEqual([
      'good',
      'good',
      'fair',
      'fair',
      'poor',
      'poor'
    ]);
  });
});
