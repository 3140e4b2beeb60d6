import { describe, expect, it } from 'vitest';
import { samenessOf, samenessOfNumbers } from './sameness';

const metres = (...values: (number | null)[]) =>
  values.map((value) => (value === null ? null : { value, unit: 'm' }));

describe('sameness', () => {
  it('calls what reads differently different, and what nobody knows not', () => {
    expect(samenessOf(['2026', '2026'])).toBe('same');
    expect(samenessOf(['2026', null])).toBe('same');
    expect(samenessOf(['2026', '2025', null])).toBe('different');
  });
  it('never calls 222 and 218 the same', () => {
    expect(samenessOfNumbers(metres(222, 218), 'volume')).toBe('near');
    expect(samenessOfNumbers(metres(222, 222), 'volume')).toBe('same');
    expect(samenessOfNumbers(metres(222, null), 'volume')).toBe('same');
    expect(samenessOfNumbers(metres(222, 200), 'volume')).toBe('different');
    expect(samenessOfNumbers(metres(0, 0.1), 'volume')).toBe('different');
  });
  it('compares nothing across units', () => {
    const mixed = [
      { value: 222, unit: 'm' },
      { value: 222, unit: 'm2' }
    ];
    expect(samenessOfNumbers(mixed, 'volume')).toBe('different');
  });
  it('is as strict with money as the judge', () => {
    const rupiah = [150_000_000, 148_000_000].map((value) => ({ value, unit: '' }));
    expect(samenessOfNumbers(rupiah, 'budget')).toBe('near');
    const apart = [150_000_000, 140_000_000].map((value) => ({ value, unit: '' }));
    expect(samenessOfNumbers(apart, 'budget')).toBe('different');
  });
});
