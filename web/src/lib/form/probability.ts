/** A probability in words: people read "besar" faster than 0,83, and more honestly. Pure. */
export type Likelihood = 'veryHigh' | 'high' | 'medium' | 'low' | 'veryLow';

export function likelihoodOf(probability: number): Likelihood {
  if (probability >= 0.95) return 'veryHigh';
  if (probability >= 0.75) return 'high';
  if (probability >= 0.4) return 'medium';
  return probability >= 0.1 ? 'low' : 'veryLow';
}

/** Never 0 % or 100 %: nobody knows that well. */
export function percentOf(probability: number): number {
  return Math.min(99, Math.max(1, Math.round(probability * 100)));
}
