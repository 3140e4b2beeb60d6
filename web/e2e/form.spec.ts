/** The form: drawing, typed coordinates that need an answer, doubles seen before anything is saved, two people at once. */
import { expect, signIn, test } from './support';

type Project = { id: string; title: string; row_version: number; centre: [number, number] };

test('a line drawn on the map is the same line in the coordinates', async ({ page }) => {
  await signIn(page, 'petugas');
  await page.goto('/projects/new');
  // The officer's own village stands there already.
  await expect(page.getByRole('combobox', { name: 'Desa atau kelurahan' })).not.toHaveValue('');
  const canvas = page.locator('.footprint canvas').first();
  await canvas.scrollIntoViewIfNeeded();
  await expect(page.getByText('Klik peta untuk tiap belokan')).toBeVisible();
  const box = await canvas.boundingBox();
  if (!box) throw new Error('no map');
  const summary = page.locator('.footprint .tools p');
  /** A click that comes before the map listens changes nothing: then it is made again, as a person would. */
  async function corner(x: number, y: number, changes: () => Promise<unknown>) {
    const before = await changes();
    const position = { x: (box?.width ?? 0) * x, y: (box?.height ?? 0) * y };
    await expect(async () => {
      if ((await changes()) === before) await canvas.click({ position });
      await expect.poll(changes, { timeout: 2_000 }).not.toBe(before);
    }).toPass();
  }
  const clear = page.getByRole('button', { name: 'Hapus semua' });
  await corner(0.4, 0.5, () => clear.isEnabled());
  await corner(0.5, 0.55, () => summary.textContent());
  await corner(0.6, 0.5, () => summary.textContent());
  await page.getByRole('button', { name: 'Selesai' }).click();
  const lines = page.getByLabel('Koordinat');
  await expect.poll(async () => (await lines.inputValue()).trim().split('\n').length).toBe(3);
  await expect(lines).toHaveValue(/^-\d+\.\d+, 11\d\.\d+\n/);
  // What was typed survives a reload.
  await page.getByLabel('Judul kegiatan').fill('Jalan yang digambar');
  const kept = () => page.evaluate(() => JSON.stringify(localStorage));
  await expect.poll(kept).toContain('Jalan yang digambar');
  await page.reload();
  await expect(page.getByText('dipulihkan')).toBeVisible();
  await expect(page.getByLabel('Judul kegiatan')).toHaveValue('Jalan yang digambar');
  await page.getByRole('button', { name: 'Buang draf' }).click();
  await expect(page.getByLabel('Judul kegiatan')).toHaveValue('');
});

test('latitude and longitude exchanged are asked about, never exchanged silently', async ({
  page
}) => {
  await signIn(page, 'petugas');
  await page.goto('/projects/new');
  await page.getByText('Titik', { exact: true }).click();
  await page.getByLabel('Koordinat').fill('114.3735, -8.2133');
  await expect(page.getByText('Lintang dan bujur tampaknya tertukar')).toBeVisible();
  await page.getByRole('button', { name: 'Tukar' }).click();
  await expect(page.getByLabel('Koordinat')).toHaveValue('-8.2133, 114.3735');
});

test('an empty form says what is missing, and nothing is sent', async ({ page }) => {
  await signIn(page, 'inspektur');
  await page.goto('/projects/new');
  let sent = 0;
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/projects')) sent += 1;
  });
  await page.getByRole('button', { name: 'Daftarkan kegiatan' }).click();
  const summary = page.getByRole('alert');
  await expect(summary).toContainText('Isi judul kegiatan.');
  await expect(summary).toContainText('Pilih desa atau kelurahan');
  await summary.getByRole('button', { name: 'Isi judul kegiatan.' }).click();
  await expect(page.getByLabel('Judul kegiatan')).toBeFocused();
  expect(sent).toBe(0);
});

test('a work without a place is registered only when somebody says so', async ({ page }) => {
  await signIn(page, 'petugas');
  await page.goto('/projects/new');
  await expect(page.getByRole('combobox', { name: 'Desa atau kelurahan' })).not.toHaveValue('');
  await page.getByLabel('Judul kegiatan').fill('Pelatihan kader yang belum ada tempatnya');
  let sent = 0;
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().endsWith('/projects')) sent += 1;
  });
  await page.getByRole('button', { name: 'Daftarkan kegiatan' }).click();
  const asked = page.getByTestId('placeless');
  await expect(asked).toContainText('tidak tampil di peta');
  await expect(page.getByRole('alert')).toContainText('Belum ada lokasi.');
  expect(sent).toBe(0);
  await asked.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Daftarkan kegiatan' }).click();
  await expect(page).toHaveURL(/\/projects\/[0-9a-f-]+$/);
});

test('a place in another country has one distance, and it is that on the globe', async ({
  page
}) => {
  await signIn(page, 'petugas');
  await page.goto('/projects/new');
  await expect(page.getByRole('combobox', { name: 'Desa atau kelurahan' })).not.toHaveValue('');
  await page.getByLabel('Judul kegiatan').fill('Jalan yang salah koordinatnya');
  await page.getByText('Titik', { exact: true }).click();
  await page.getByLabel('Koordinat').fill('48.8566, 2.3522');
  const north = page.getByRole('button', { name: 'Biarkan' });
  if (await north.isVisible()) await north.click();
  await expect(page.getByTestId('place-doubt')).toContainText(/12\.\d\d\d(,\d)? km dari batas/);
  await expect(page.getByTestId('place')).toHaveCount(0);
});

test('what stands near by is shown with its evidence before anything is saved', async ({
  page
}) => {
  await signIn(page, 'inspektur');
  const list = await page.request.get('/api/v1/projects?status=finished&limit=1');
  const { items } = (await list.json()) as { items: (Project & { village: { code: string } })[] };
  const [known] = items;
  if (!known) throw new Error('no project');
  await page.goto('/projects/new');
  await page.getByText('Titik', { exact: true }).click();
  await page.getByLabel('Judul kegiatan').fill(known.title);
  await page.getByRole('combobox', { name: 'Desa atau kelurahan' }).fill(known.village.code);
  // The list of before stands until the answer comes.
  const option = page
    .getByRole('listbox')
    .getByRole('option')
    .filter({ hasText: known.village.code });
  await option.first().click();
  const [lon, lat] = known.centre;
  await page.getByLabel('Koordinat').fill(`${lat}, ${lon}`);
  const card = page.getByTestId('candidate').filter({ hasText: known.title }).first();
  await expect(card).toBeVisible();
  await expect(card.getByRole('link')).toHaveAttribute('href', `/projects/${known.id}`);
  await card.locator('summary').click();
  await expect(card.getByText(/Judulnya/)).toBeAttached();
});

test('of two who correct one project at once the second is asked, and loses nothing', async ({
  page
}) => {
  await signIn(page, 'inspektur');
  const list = await page.request.get('/api/v1/projects?status=planned&limit=1');
  const [known] = ((await list.json()) as { items: Project[] }).items;
  if (!known) throw new Error('no project');
  const address = `/api/v1/projects/${known.id}`;
  const before = (await (await page.request.get(address)).json()) as Project;
  await page.goto(`/projects/${known.id}/correct`);
  await page.getByLabel('Pelaksana').fill('TPK Baru');
  await page.getByLabel('Mengapa diperbaiki?').fill('salah tulis');
  // Somebody else saves first.
  const other = await page.request.patch(address, {
    data: { row_version: before.row_version, reason: 'uji', hamlet: 'Krajan Lor' }
  });
  expect(other.ok()).toBe(true);
  await page.getByRole('button', { name: 'Simpan perbaikan' }).click();
  await page.getByRole('button', { name: 'Muat yang terbaru' }).click();
  await expect(page.getByText('Yang terbaru sudah dimuat')).toBeVisible();
  await expect(page.getByLabel('Pelaksana')).toHaveValue('TPK Baru');
  await expect(page.getByLabel('Dusun')).toHaveValue('Krajan Lor');
  await page.getByRole('button', { name: 'Simpan perbaikan' }).click();
  await expect(page.getByText('Perbaikan tersimpan.')).toBeVisible();
  await page
    .getByRole('button', { name: /Batalkan/ })
    .first()
    .click();
  const said = page.getByRole('status').filter({ hasText: 'Perubahan terakhir dibatalkan.' });
  await expect(said).toBeVisible();
  await expect(page.getByText('Perbaikan tersimpan.')).toHaveCount(0);
  await expect(page.getByText('Pelaksana: TPK Baru → belum diisi')).toBeVisible();
});
