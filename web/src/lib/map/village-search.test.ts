import { expect, test } from 'vitest';
import type { Boundary } from './features';
import { findVillages } from './village-search';

function village(i: number, name: string, district: string): Boundary {
  const code = `35.10.${String(Math.floor(i / 1000)).padStart(2, '0')}.${2000 + (i % 1000)}`;
  return { properties: { id: String(i), name, district, code } } as unknown as Boundary;
}

const many = Array.from({ length: 10_000 }, (_, i) =>
  village(i, i % 2 ? 'Sukamaju' : `Desa ${i}`, `Kecamatan ${Math.floor(i / 20)}`)
);

test('each of 10,000 villages is found by its code, namesakes by their district', () => {
  for (const at of [0, 1, 4_999, 9_999]) {
    const code = many[at]?.properties.code ?? '';
    expect(findVillages(many, code, 40).items[0]?.id).toBe(String(at));
  }
  const { items, more } = findVillages(many, 'sukamaju kecamatan 499', 40);
  expect(items.map((one) => one.id)).toContain('9999');
  expect(more).toBe(0);
  expect(findVillages(many, 'Sukamaju', 40)).toMatchObject({ more: 4_960 });
});

test('the very name comes before names that only begin with it or hold it', () => {
  const some = ['Kalirejo Lor', 'Bandar Kalirejo', 'Kalirejo'].map((name, i) =>
    village(i, name, 'Kabat')
  );
  expect(findVillages(some, ' kali rejo ', 9).items.map((one) => one.name)).toEqual([
    'Kalirejo',
    'Kalirejo Lor',
    'Bandar Kalirejo'
  ]);
});
