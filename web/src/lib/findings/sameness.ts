/** How the values of one fact stand to each other, as the page shows them. Pure. */

export type Sameness = 'same' | 'near' | 'different';

/** Numbers that are no farther apart than this share of the greater are almost the same: as the judge takes them. */
const NEAR = { budget: 0.02, volume: 0.05 } as const;

/** Unknown is never different. What reads the same is the same. */
export function samenessOf(shown: readonly (string | null)[]): Sameness {
  return new Set(shown.filter((value) => value !== null)).size > 1 ? 'different' : 'same';
}

/** The same for numbers with a unit: two that differ by a little are almost the same, never just the same. */
export function samenessOfNumbers(
  values: readonly ({ value: number; unit: string } | null)[],
  kind: keyof typeof NEAR
): Sameness {
  const known = values.filter((one) => one !== null);
  const units = new Set(known.map((one) => one.unit.toLowerCase()));
  const numbers = known.map((one) => one.value);
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  if (known.length < 2 || (units.size === 1 && least === most)) return 'same';
  if (units.size > 1 || least <= 0) return 'different';
  return 1 - least / most <= NEAR[kind] ? 'near' : 'different';
}
