import { expect, test } from 'vitest';
import { likelihoodOf, percentOf } from './probability';

test('words for probabilities, from least to most', () => {
  expect([0, 0.2, 0.5, 0.8, 0.99].map(likelihoodOf)).toEqual([
    'veryLow',
    'low',
    'medium',
    'high',
    'veryHigh'
  ]);
});

test('never certain', () => {
  expect([0, 0.004, 0.5, 0.9999, 1].map(percentOf)).toEqual([1, 1, 50, 99, 99]);
});
