/** A list of works on its way in: dropped, recognised, corrected, looked at for doubles, stored; by who may do it. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, signIn, test } from './support';

const STAMP = Date.now().toString(36);

type Listed = {
  items: {
    title: string;
    fiscal_year: number;
    budget_rupiah: number | null;
    centre: [number, number] | null;
    village: { code: string };
  }[];
};

/** A table as an office has it: one heading of its own, a wrong year, a lost minus sign, and a work that stands already. */
async function table(page: Page): Promise<string> {
  const answer = await page.request.get('/api/v1/projects?limit=50');
  const { items } = (await answer.json()) as Listed;
  const known = items.find(
    (one) => one.centre !== null && one.budget_rupiah !== null && !one.title.includes(STAMP)
  );
  if (!known?.centre) throw new Error('the sample data has a work with a place and money');
  const at = (degrees: number) => degrees.toFixed(6);
  const [lon, lat] = known.centre;
  const code = known.village.code;
  return [
    'Nomor;Ihwal Pekerjaan;Kode Desa;Tahun;Pagu;Lintang;Bujur',
    `${STAMP}-1;${known.title};${code};${known.fiscal_year};${known.budget_rupiah};${at(lat)};${at(lon)}`,
    `${STAMP}-2;Talud penahan ${STAMP};${code};dua ribu;75000000;${at(lat + 0.002)};${at(lon)}`,
    `${STAMP}-3;Sumur bor ${STAMP};${code};2026;50000000;${at(-lat - 0.001)};${at(lon)}`
  ].join('\n');
}

async function choose(page: Page, name: string, text: string): Promise<void> {
  await page.goto('/import');
  await page
    .getByLabel('Pilih berkas')
    .setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
}

async function noBarrier(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  const beside = await page.evaluate(() => {
    const content = document.getElementById('content');
    return content === null || content.scrollWidth > content.clientWidth;
  });
  expect(beside).toBe(false);
}

test('a list is recognised, corrected in place, looked at for doubles and stored', async ({
  page
}) => {
  await signIn(page, 'admin');
  await page.goto('/projects');
  await page.getByRole('link', { name: 'Impor dari berkas' }).click();
  await expect(page.getByRole('heading', { name: 'Impor dari berkas' })).toBeVisible();
  await noBarrier(page);
  await choose(page, `daftar-${STAMP}.csv`, await table(page));

  // The heading of the titles is not known: the file says what it has, and what is missing.
  await expect(page).toHaveURL(/\/import\/[0-9a-f-]{36}$/);
  await expect(page.getByRole('alert')).toContainText('judul kegiatan');
  const titles = page.getByLabel('Kolom Ihwal Pekerjaan dibaca sebagai');
  await titles.selectOption({ label: 'judul' });
  await noBarrier(page);
  await page.getByRole('button', { name: 'Periksa lagi' }).click();
  // A running number is no id: the server proposes columns.
  await page.getByRole('button', { name: 'Pakai kolom-kolom itu' }).click();
  await page.getByRole('button', { name: 'Periksa lagi' }).click();

  await expect(page.getByRole('heading', { name: '2 sel salah' })).toBeVisible();
  // Who leaves and comes back is at the same step.
  await page.goto('/import');
  await page.getByRole('link', { name: `daftar-${STAMP}.csv` }).click();
  await expect(page.getByRole('button', { name: /^Simpan/ })).toBeDisabled();
  await page.getByLabel('Isi yang benar: Baris 3, kolom Tahun').fill('2026');
  await page.getByLabel(/Pakai lintang/).check();
  await expect(page.getByRole('region', { name: /perubahan/ })).toBeVisible();
  await noBarrier(page);
  await page.getByRole('button', { name: 'Periksa lagi' }).click();

  await expect(page.getByRole('heading', { name: /kemungkinan ganda/ })).toBeVisible();
  const double = page.getByRole('listitem').filter({ hasText: 'Baris 2:' }).first();
  await expect(double.getByRole('link')).toHaveAttribute('href', /\/projects\//);
  await double.getByText(/^Bukti/).click();
  await noBarrier(page);
  await page.getByRole('button', { name: 'Simpan 3 baris' }).click();
  await expect(page.getByText(/3 kegiatan baru atau berubah sudah disimpan/)).toBeVisible();
  await noBarrier(page);
  await page.getByRole('link', { name: 'Lihat kegiatan' }).click();
  await expect(page).toHaveURL(/\/projects$/);
  const found = await page.request.get(`/api/v1/projects?q=${STAMP}`);
  expect(((await found.json()) as Listed).items.map((one) => one.fiscal_year)).toEqual([
    2026, 2026
  ]);
});

test('a file of another kind says what it is, and is discarded', async ({ page }) => {
  await signIn(page, 'admin');
  await choose(page, 'daftar.pdf', '%PDF-1.7 daftar');
  await expect(page.getByRole('alert')).toContainText('PDF');
  await page.getByRole('button', { name: 'Hapus berkas' }).click();
  await expect(page).toHaveURL(/\/import$/);
  await expect(page.getByRole('link', { name: 'daftar.pdf' })).toHaveCount(0);
});

test('who may not import finds no way to it', async ({ page }) => {
  await signIn(page, 'inspektur');
  await page.goto('/projects');
  await expect(page.getByRole('link', { name: 'Impor dari berkas' })).toHaveCount(0);
  await page.goto('/import');
  await expect(
    page.getByRole('heading', { name: 'Bagian ini bukan untuk peran Anda' })
  ).toBeVisible();
});

for (const [scheme, width] of [
  ['light', 390],
  ['dark', 390],
  ['light', 1440],
  ['dark', 1440]
] as const) {
  test(
    `the steps fit a screen of ${width} px in ${scheme}`,
    { tag: '@looks' },
    async ({ page }) => {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width, height: 844 });
      await signIn(page, 'admin');
      const text = (await table(page)).replace('Nomor;Ihwal Pekerjaan', 'ID;Nama Kegiatan');
      await choose(
        page,
        `layar-${scheme}-${width}-${STAMP}.csv`,
        text.replaceAll(STAMP, `${STAMP}${scheme}${width}`)
      );
      await expect(page.getByRole('heading', { name: '2 sel salah' })).toBeVisible();
      await page
        .getByText(/^Bukti/)
        .first()
        .click();
      await noBarrier(page);
      // The page scrolls within itself: all of it is seen on a screen as high as it is.
      const height = await page.evaluate(
        () => document.getElementById('content')?.scrollHeight ?? 0
      );
      await page.setViewportSize({ width, height: height + 80 });
      await page.screenshot({
        path: test.info().outputPath(`import-${scheme}-${width}.png`),
        fullPage: true
      });
    }
  );
}
