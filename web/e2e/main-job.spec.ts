/** The main job from end to end: register, report, import the double across the border, see it, be told. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  expect,
  fileOf,
  findBorder,
  importBoundaries,
  mails,
  signInByForm,
  tapak,
  test
} from './support';

const TITLE = `Rabat Beton Jalan Tembus Sido Rukun ${process.env.TAPAK_E2E_ENGINE ?? ''}`.trim();
const PHOTOS = join(import.meta.dirname, '../../sample-data/photos');

test('one road is registered and reported on, its double comes from the neighbour, and the inspector is told', async ({
  page,
  context
}) => {
  importBoundaries();
  await signInByForm(page, 'inspektur');
  const { west, east, line } = await findBorder(page.request);
  const [lon = 0, lat = 0] = line[1] ?? [];
  await context.grantPermissions(['geolocation']);
  await context.setGeolocation({ longitude: lon, latitude: lat, accuracy: 6 });

  await test.step('register it by the form', async () => {
    await page.goto('/projects/new');
    await page.getByLabel('Judul kegiatan').fill(TITLE);
    await page.getByRole('combobox', { name: 'Desa atau kelurahan' }).fill(west.code);
    await page.getByRole('listbox').getByRole('option', { name: west.name }).first().click();
    await page.getByLabel('Tahun anggaran').fill('2026');
    await page.getByLabel('Status').selectOption('running');
    await page
      .getByLabel('Koordinat')
      .fill(line.map(([x = 0, y = 0]) => `${y.toFixed(6)}, ${x.toFixed(6)}`).join('\n'));
    const near = page.getByTestId('nearby');
    await expect(near.getByTestId('place')).toContainText(west.name);
    await expect(near).toContainText('Tidak ada kegiatan yang tampak sama');
    await page.getByRole('combobox', { name: 'Sumber dana' }).fill('DD');
    await page.getByLabel('Jumlah').first().fill('185.000.000');
    await page.getByRole('button', { name: 'Daftarkan kegiatan' }).click();
    await expect(page.getByRole('heading', { level: 1, name: TITLE })).toBeVisible();
    await expect(page.getByText('Kegiatan terdaftar')).toBeVisible();
    await expect(page.getByText('Rp185.000.000').first()).toBeVisible();
  });
  const address = page.url();

  await test.step('report progress with a photo', async () => {
    await page.getByRole('link', { name: 'Lapor kemajuan' }).first().click();
    await page.getByText('50 %', { exact: true }).click();
    const [photo = ''] = readdirSync(PHOTOS).filter((name) => name.endsWith('.jpg'));
    await page.getByTestId('camera').setInputFiles(join(PHOTOS, photo));
    await expect(page.getByText('Lokasi baik, ±6 m')).toBeVisible();
    await page.getByRole('button', { name: 'Kirim laporan' }).click();
    await expect(page.getByTestId('receipt')).toHaveText('1 dari 1 foto sudah di server ✓');
    await page.getByRole('link', { name: 'Lihat kegiatan' }).click();
    await expect(page).toHaveURL(address);
    const picture = page.getByRole('img', { name: /Foto 1/ });
    await expect(picture).toBeVisible();
    // The derivative arrived, not only its place holder.
    await expect
      .poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth))
      .toBeGreaterThan(100);
    await expect(page.getByText('50 %').first()).toBeVisible();
    await expect(page.getByText('di tapak kegiatan').first()).toBeVisible();
  });

  await test.step('import the neighbour’s list, which has it too', async () => {
    const [a = [], b = [], c = []] = line;
    const row = {
      type: 'Feature',
      geometry: { type: 'LineString', coordinates: [c, b, a] },
      properties: {
        id: 'TETANGGA-1',
        title: `Rabat Beton Jl. Tembus Sido Rukun ${process.env.TAPAK_E2E_ENGINE ?? ''}`.trim(),
        village_code: east.code,
        year: 2026,
        funds: 'ADD',
        budget_rp: 176_500_000,
        status: 'berjalan'
      }
    };
    const file = fileOf(
      'tetangga.geojson',
      JSON.stringify({ type: 'FeatureCollection', features: [row] })
    );
    expect(tapak('import', 'projects', file)).toContain('1');
  });

  await test.step('see the finding on the map', async () => {
    await expect
      .poll(async () => {
        const answer = await page.request.get('/api/v1/findings?limit=200');
        const { items } = (await answer.json()) as { items: { members: { title: string }[] }[] };
        return items.some((finding) => finding.members.some((member) => member.title === TITLE));
      })
      .toBe(true);
    await page.goto(`/?lat=${lat}&lon=${lon}&zoom=16`);
    const row = page.getByRole('tabpanel').getByRole('button').filter({ hasText: 'Sido Rukun' });
    await row.first().click();
    const panel = page.getByRole('region', { name: 'Mungkin diakui dua desa' });
    await expect(panel.getByText(TITLE)).toBeVisible();
    await expect(panel.getByText(east.name).first()).toBeVisible();
    await expect(panel.getByText(/m dari .* m/).first()).toBeVisible();
    await panel.getByRole('link', { name: 'Buka halaman temuan' }).click();
    await expect(
      page.getByRole('heading', { level: 1, name: 'Mungkin diakui dua desa' })
    ).toBeVisible();
  });

  await test.step('read the mail that came by SMTP', async () => {
    const told = async () => (await mails()).find((mail) => mail.text.includes(TITLE));
    await expect.poll(told, { timeout: 30_000 }).toBeTruthy();
    const mail = await told();
    expect(mail?.to).toBe('inspektur@example.org');
    expect(mail?.text).toContain(east.name);
    expect(mail?.text).toContain('/findings/');
    expect(mail?.pictures).toBeGreaterThan(0);
    await page.getByRole('link', { name: 'Pesan', exact: true }).click();
    await expect(page.getByText('inspektur@example.org').first()).toBeVisible();
  });
});
