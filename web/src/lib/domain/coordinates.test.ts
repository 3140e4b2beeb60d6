import { describe, expect, test } from 'vitest';
import { formatPosition, readLines, readPosition, type LonLat } from './coordinates';

const place = (text: string): LonLat | null => {
  const reading = readPosition(text);
  return reading.kind === 'ok' ? reading.at : null;
};

describe('one place, however it is written', () => {
  test.each([
    '-8.2133, 114.3735',
    '-8.2133,114.3735',
    '-8.2133 114.3735',
    '  -8.2133 ;  114.3735 ',
    '(-8.2133, 114.3735)',
    '−8.2133, 114.3735',
    '-8,2133, 114,3735',
    '-8,2133 114,3735',
    '-8,2133; 114,3735',
    '-8,2133,114,3735',
    '8.2133 S, 114.3735 E',
    '8.2133S 114.3735E',
    'S 8.2133 E 114.3735',
    '114.3735 E, 8.2133 S',
    '8,2133 LS 114,3735 BT',
    '8,2133° LS, 114,3735° BT',
    '-8.2133° LS, 114.3735° BT',
    'Lat: -8.2133, Long: 114.3735',
    'lintang -8,2133 bujur 114,3735',
    'lon=114.3735 lat=-8.2133',
    '8.2133 lintang selatan, 114.3735 bujur timur'
  ])('%s', (text) => {
    expect(place(text)?.lat).toBeCloseTo(-8.2133, 9);
    expect(place(text)?.lon).toBeCloseTo(114.3735, 9);
  });

  test.each([
    `8°12'48"S 114°22'25"E`,
    `8°12'48"S, 114°22'25"E`,
    `8° 12′ 48″ S 114° 22′ 25″ E`,
    `8º12’48”LS 114º22’25”BT`,
    `-8°12'48" 114°22'25"`,
    `8 12 48 S 114 22 25 E`,
    `-8 12 48 114 22 25`,
    `S8°12.8' E114°22.41666667'`,
    `8°12,8'S; 114°22,41666667'E`,
    `114°22'25"E 8°12'48"S`,
    `8°12'48''S 114°22'25''E`
  ])('%s', (text) => {
    expect(place(text)?.lat).toBeCloseTo(-(8 + 12 / 60 + 48 / 3600), 6);
    expect(place(text)?.lon).toBeCloseTo(114 + 22 / 60 + 25 / 3600, 6);
  });

  test('half a degree south of the equator keeps its sign', () => {
    expect(place('-0.5, 110.2')).toEqual({ lat: -0.5, lon: 110.2 });
    expect(place(`0°30'S 110°12'E`)?.lat).toBeCloseTo(-0.5, 9);
    expect(place('2.1, 99.5')).toEqual({ lat: 2.1, lon: 99.5 });
  });
});

describe('never exchanged silently', () => {
  test('a longitude cannot be a latitude', () => {
    expect(readPosition('114.3735, -8.2133')).toEqual({
      kind: 'doubtful',
      why: 'swapped',
      given: { lat: 114.3735, lon: -8.2133 },
      other: { lat: -8.2133, lon: 114.3735 }
    });
  });

  test('not even where words or letters say it', () => {
    expect(readPosition('Lat 98.6, Lon 3.6')).toMatchObject({ kind: 'doubtful', why: 'swapped' });
    expect(readPosition('3.6 E, 98.6 N')).toMatchObject({ kind: 'doubtful', why: 'swapped' });
  });

  test('a forgotten minus is asked about; a written north is believed', () => {
    expect(readPosition('8.2133, 114.3735')).toMatchObject({
      kind: 'doubtful',
      why: 'north',
      other: { lat: -8.2133, lon: 114.3735 }
    });
    expect(place('8.2133 N, 114.3735 E')).toEqual({ lat: 8.2133, lon: 114.3735 });
  });

  test('elsewhere on earth is a place', () => {
    expect(place('52.5, 13.4')).toEqual({ lat: 52.5, lon: 13.4 });
  });
});

describe('what cannot be read says why', () => {
  test.each([
    ['-8.2133', 'one_number'],
    ['-8,2133', 'one_number'],
    [`8°12'48"S`, 'one_number'],
    ['Dusun Krajan', 'unreadable'],
    ['-8.2133, 114.3735, 25', 'unreadable'],
    ['-8,21,33,114,37', 'unreadable'],
    [`8°72'48"S 114°22'25"E`, 'unreadable'],
    ['-8.2 N, 114.3 E', 'unreadable'],
    ['8.2 S, 9.3 S', 'unreadable'],
    ['300, 400', 'off_earth'],
    ['0, 0', 'zero']
  ])('%s: %s', (text, why) => {
    expect(readPosition(text)).toEqual({ kind: 'wrong', why });
  });
});

test('several lines are numbered as the person sees them', () => {
  const lines = readLines('-8.2133, 114.3735\n\n  nonsense\r\n-8.2140, 114.3740\n');
  expect(lines.map(({ line, reading }) => [line, reading.kind])).toEqual([
    [1, 'ok'],
    [3, 'wrong'],
    [4, 'ok']
  ]);
});

test('what is written is read back', () => {
  const at = { lat: -8.2133333, lon: 114.3735001 };
  expect(place(formatPosition(at))).toEqual(at);
});
