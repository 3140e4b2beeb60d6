import { describe, expect, it } from 'vitest';
import { shownFact } from './facts';

describe('a fact in words', () => {
  it('says money, funds and places as a person reads them', () => {
    expect(shownFact('budget_rupiah', 150_000_000)).toBe('Rp150.000.000');
    expect(shownFact('funding', [{ fund: 'DD', amount_rupiah: 5_000_000 }])).toBe(
      'DD · Rp5.000.000'
    );
    const line = {
      type: 'LineString',
      coordinates: [
        [114.3, -8.2],
        [114.4, -8.3]
      ]
    };
    expect(shownFact('parts', [{ geometry: line }])).toBe('-8.20000, 114.30000');
    expect(shownFact('fiscal_year', 2026)).toBe('2026');
    expect(shownFact('volume', 77.5)).toBe('77,5');
  });

  it('says that nobody knows instead of nothing', () => {
    for (const empty of [null, undefined, '']) expect(shownFact('executor', empty)).not.toBe('');
  });
});
