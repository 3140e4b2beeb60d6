import { expect, test } from 'vitest';
import type { Placed, PlacedFinding } from './features';
import { inView, sortFindings, sortProjects } from './rows';

const project = (id: string, change: Partial<Placed>): Placed => ({
  id,
  title: id,
  status: 'running',
  year: 2025,
  village: null,
  percent: null,
  findings: 0,
  alert: false,
  centre: null,
  geometry: null,
  box: [114, -8, 114, -8],
  ...change
});

test('the list holds what the map shows, worst first', () => {
  const list = inView(
    sortProjects([
      project('calm', {}),
      project('far away', { box: [120, -8, 121, -8] }),
      project('alarming', { findings: 1, alert: true }),
      project('to check', { findings: 1 }),
      project('nowhere', { box: null })
    ]),
    [113, -9, 115, -7]
  );
  expect(list.map((one) => one.id)).toEqual(['alarming', 'to check', 'calm']);
});

test('a long line that only passes through the view is in the list', () => {
  const road = project('road', { box: [110, -8, 120, -8] });
  expect(inView([road], [114, -9, 115, -7])).toEqual([road]);
});

test('findings come by severity, then by the money in question', () => {
  const finding = (id: string, severity: 'alert' | 'review', rupiah: number): PlacedFinding => ({
    id,
    severity,
    rupiah,
    box: [114, -8, 114, -8],
    features: []
  });
  const list = sortFindings([
    finding('c', 'review', 900),
    finding('b', 'alert', 10),
    finding('a', 'alert', 100)
  ]);
  expect(list.map((one) => one.id)).toEqual(['a', 'b', 'c']);
});

test('without a map the list holds everything', () => {
  const nowhere = project('nowhere', { box: null });
  expect(inView([nowhere], null)).toEqual([nowhere]);
});
