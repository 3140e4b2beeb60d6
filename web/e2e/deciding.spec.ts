/** Deciding: the village is heard, the inspector decides with a reason, takes it back, and sees what changed since. */
import AxeBuilder from '@axe-core/playwright';
import type { Route } from '@playwright/test';
import { expect, signIn, test } from './support';

type Listed = { items: { id: string; kind: string; members: { id: string }[] }[] };

test('a finding is discussed, decided, opened again by a changed fact, and decided anew', async ({
  page
}) => {
  await signIn(page, 'inspektur');
  const answer = await page.request.get('/api/v1/findings?kind=duplicate&severity=alert&limit=50');
  const { items } = (await answer.json()) as Listed;
  const finding = items.at(-1);
  if (!finding) throw new Error('the sample data have findings');
  await page.goto(`/findings/${finding.id}`);

  await test.step('both works stand side by side, with what differs', async () => {
    const table = page.getByRole('table', { name: 'Kegiatan yang dibandingkan' });
    await expect(table.getByRole('columnheader')).toHaveCount(2);
    await expect(table.getByText('berbeda').first()).toBeAttached();
  });

  await test.step('somebody asks', async () => {
    await page.getByLabel('Tanggapan Anda').fill('Apakah ini ruas yang sama?');
    await page.getByRole('button', { name: 'Kirim tanggapan' }).click();
    await expect(page.getByText('Apakah ini ruas yang sama?')).toBeVisible();
    await page.getByRole('button', { name: 'Jawab' }).first().click();
    await expect(page.getByText('Menjawab')).toBeVisible();
    await page.getByLabel('Tanggapan Anda').fill('Bukan, ruas di sebelah timur masjid.');
    await page.getByRole('button', { name: 'Kirim tanggapan' }).click();
    await expect(page.getByText('ruas di sebelah timur masjid')).toBeVisible();
  });

  await test.step('the inspector decides, and the queue has one less', async () => {
    await page.getByText('Pemeliharaan', { exact: true }).click();
    await page.getByLabel('Alasan').fill('Dilihat di lapangan: perawatan rutin.');
    await page.getByRole('button', { name: 'Simpan keputusan' }).click();
    await expect(page.getByText('Sudah diputuskan')).toBeVisible();
    await expect(page.getByText('Berlaku sampai data')).toBeVisible();
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html ?? ''}`)).toEqual([]);
  });

  await test.step('it is taken back and decided otherwise', async () => {
    await page.getByRole('button', { name: 'Batalkan keputusan ini' }).click();
    await expect(page.getByText('Dibatalkan oleh')).toBeVisible();
    await page.getByText('Pekerjaan berbeda', { exact: true }).click();
    await page.getByLabel('Alasan').fill('Dua ruas yang berbeda.');
    // The decision is made, and its answer lost: the page hears by itself that it was made.
    const lose = async (route: Route) => {
      await route.fetch();
      await route.abort();
    };
    await page.route('**/decision', lose, { times: 1 });
    await page.getByRole('button', { name: 'Simpan keputusan' }).click();
    await expect(page.getByText('Sudah diputuskan')).toBeVisible();
    await expect(page.getByText('Dua ruas yang berbeda.').first()).toBeVisible();
  });

  await test.step('a fact changes, and both states are shown', async () => {
    const id = finding.members[0]?.id ?? '';
    const before = (await (await page.request.get(`/api/v1/projects/${id}`)).json()) as {
      row_version: number;
    };
    const patch = { row_version: before.row_version, reason: 'salah ketik', volume: 4321 };
    expect((await page.request.patch(`/api/v1/projects/${id}`, { data: patch })).ok()).toBe(true);
    const state = async () => {
      const shown = await page.request.get(`/api/v1/findings/${finding.id}`);
      return ((await shown.json()) as { state: string }).state;
    };
    await expect.poll(state, { timeout: 20_000 }).toBe('open');
    await page.reload();
    await expect(page.getByText('Data berubah sejak diputuskan')).toBeVisible();
    await expect(page.getByRole('cell', { name: '4.321', exact: true })).toBeVisible();
    await expect(page.getByRole('cell', { name: '4.321 rumah' })).toBeVisible();
  });

  await test.step('one work entered twice is merged with the decision', async () => {
    await page.getByText('Pekerjaan yang sama', { exact: true }).click();
    await page.getByLabel('Gabungkan catatan').selectOption({ index: 1 });
    await page.getByLabel('Alasan').fill('Satu pekerjaan, dua petugas.');
    await page.getByRole('button', { name: 'Simpan keputusan' }).click();
    await expect(page.getByText('Ditutup: catatannya digabung')).toBeVisible();
    // Put back what this test changed, for whoever comes after it.
    await page.getByRole('button', { name: 'Batalkan keputusan ini' }).click();
    await expect(page.getByLabel('Alasan')).toBeVisible();
  });
});
