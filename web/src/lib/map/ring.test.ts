import { expect, test } from 'vitest';
import { clusterIcon, parseClusterIcon, ringArcs, ringStep, RING_STEPS } from './ring';

test('one finding among thousands still shows, and one project without stays visible', () => {
  expect(ringStep(1, 5000)).toBe(1);
  expect(ringStep(4999, 5000)).toBe(RING_STEPS - 1);
  expect(ringStep(0, 10)).toBe(0);
  expect(ringStep(10, 10)).toBe(RING_STEPS);
  expect(ringStep(0, 0)).toBe(0);
});

test('the arcs go once round from the top without a gap', () => {
  const arcs = ringArcs(3, 4);
  expect(arcs.map((arc) => arc.kind)).toEqual(['alert', 'review', 'rest']);
  expect(arcs[0]?.from).toBeCloseTo(-Math.PI / 2);
  for (const [i, arc] of arcs.entries()) if (i > 0) expect(arc.from).toBe(arcs[i - 1]?.to);
  const whole = (arcs.at(-1)?.to ?? 0) - (arcs[0]?.from ?? 0);
  expect(whole).toBeCloseTo(2 * Math.PI);
});

test('shares above the whole are cut, alerts first', () => {
  expect(ringArcs(12, 5).map((arc) => arc.kind)).toEqual(['alert']);
  expect(ringArcs(8, 8).map((arc) => arc.kind)).toEqual(['alert', 'review']);
  expect(ringArcs(0, 0).map((arc) => arc.kind)).toEqual(['rest']);
});

test('a picture name can be read back', () => {
  expect(parseClusterIcon(clusterIcon('m', 2, 5))).toEqual({ size: 'm', alert: 2, review: 5 });
  expect(parseClusterIcon('mark-running')).toBeNull();
});
