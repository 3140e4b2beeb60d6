import { expect, test } from 'vitest';
import { captureOf, isFresh, isOfNow } from './capture';

const NOW = Date.UTC(2026, 10, 24, 9, 42);
const MINUTE = 60_000;

test('a picture of the camera is of now, one of the gallery only if it is minutes old', () => {
  expect(isOfNow('camera', 0, NOW)).toBe(true);
  expect(isOfNow('gallery', NOW - 3 * MINUTE, NOW)).toBe(true);
  expect(isOfNow('gallery', NOW - 60 * MINUTE, NOW)).toBe(false);
  expect(isOfNow('gallery', 0, NOW)).toBe(false);
});

test('a position of a minute ago may be another place', () => {
  expect(isFresh({ at: NOW - 5_000 }, NOW)).toBe(true);
  expect(isFresh({ at: NOW - 2 * MINUTE }, NOW)).toBe(false);
});

test('what is not known is not said', () => {
  expect(captureOf(null, null)).toBeNull();
  expect(captureOf(null, NOW)).toEqual({
    lon: null,
    lat: null,
    accuracy_m: null,
    heading_deg: null,
    taken_at: '2026-11-24T09:42:00.000Z'
  });
  const fix = { lon: 114.37, lat: -8.21, accuracy_m: 6, heading_deg: null, at: NOW };
  expect(captureOf(fix, NOW)).toMatchObject({ lon: 114.37, lat: -8.21, accuracy_m: 6 });
});
