import { expect, test } from 'vitest';
import { changed, readState, writeView } from './url-state';

const read = (query: string) => readState(new URLSearchParams(query));

test('an address written is an address read', () => {
  const view = { zoom: 12.5, lat: -8.21234, lon: 114.36789 };
  const query = changed(new URLSearchParams(), {
    year: 2025,
    village: 'v1',
    status: 'running',
    selected: { kind: 'finding', id: 'f1' },
    view
  });
  expect(readState(query)).toEqual({
    year: 2025,
    village: 'v1',
    status: 'running',
    selected: { kind: 'finding', id: 'f1' },
    view
  });
});

test('nonsense in the address is no state', () => {
  expect(read('year=soon&at=1_2&status=')).toEqual({
    year: null,
    village: null,
    status: null,
    selected: null,
    view: null
  });
  expect(read('at=12_-95_114').view).toBeNull();
  expect(read('at=x_y_z').view).toBeNull();
});

test('selecting a project lets go of the finding and keeps the filters', () => {
  const query = changed(new URLSearchParams('year=2024&finding=f1&lang=en'), {
    selected: { kind: 'project', id: 'p1' }
  });
  expect(query.toString()).toBe('year=2024&lang=en&project=p1');
  expect(changed(query, { selected: null, year: null }).toString()).toBe('lang=en');
});

test('a view is about a metre exact', () => {
  expect(writeView({ zoom: 12.3456, lat: -8.2123456, lon: 114.3678912 })).toBe(
    '12.35_-8.21235_114.36789'
  );
});
