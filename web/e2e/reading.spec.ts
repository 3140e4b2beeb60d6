/** Reading: the public map, the language, what is not for the public, keyboards. */
import { expect, signIn, test } from './support';

test('anybody sees the works on the map and in a list, and no findings', async ({ page }) => {
  await page.goto('/');
  await expect(page).toHaveTitle(/Tapak/);
  await expect(page.getByText(/kegiatan/).first()).toBeVisible();
  await expect(page.getByRole('link', { name: 'Temuan' })).toHaveCount(0);
  const first = page.getByRole('list', { name: 'Kegiatan' }).getByRole('button').first();
  await first.click();
  await expect(page.getByRole('link', { name: 'Buka halaman kegiatan' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(first).toBeFocused();
});

test('the page speaks English by a switch, and keeps it', async ({ page }) => {
  await page.goto('/projects');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Kegiatan');
  await page.getByRole('button', { name: 'Akun, bahasa, dan tampilan' }).click();
  await page.getByText('English').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Projects');
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Projects');
  await expect(page.locator('html')).toHaveAttribute('lang', 'en');
});

test('the map is filtered by year and status, and the address keeps it', async ({ page }) => {
  await page.goto('/');
  // Before that it counts what has come so far.
  await expect(page.getByTestId('map')).toHaveAttribute('data-ready', 'true');
  const lead = page.getByText(/^\d+ kegiatan/).first();
  const all = await lead.textContent();
  await page.getByLabel('Tahun').selectOption('2025');
  await expect(page).toHaveURL(/year=2025/);
  await expect(lead).not.toHaveText(all ?? '');
  const some = await lead.textContent();
  await page.reload();
  await expect(lead).toHaveText(some ?? '');
});

test('a finding is read with its evidence, both works are merged, and that is undone', async ({
  page
}) => {
  await signIn(page, 'inspektur');
  await page.goto('/findings');
  await page.getByRole('link', { name: 'Mungkin tercatat dua kali' }).first().click();
  await expect(page.getByRole('heading', { name: 'Bukti' })).toBeVisible();
  const address = page.url();
  await page.getByRole('table').getByRole('link').first().click();
  await page.getByRole('button', { name: 'Gabung ke catatan lain' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('combobox').click();
  await page.getByRole('listbox').getByRole('option').first().click();
  await dialog.getByRole('textbox').fill('tercatat dua kali\noleh dua petugas');
  await dialog.getByRole('button', { name: /Gabung/ }).click();
  await expect(page.getByText('Digabung ke catatan lain').first()).toBeVisible();
  const reason = page.getByText('tercatat dua kali oleh dua petugas').first();
  expect(await reason.innerText()).toContain('dua kali\noleh dua petugas');
  await expect
    .poll(async () => {
      const answer = await page.request.get(address.replace('/findings/', '/api/v1/findings/'));
      return ((await answer.json()) as { state: string }).state;
    })
    .toBe('closed');
  await page
    .getByRole('button', { name: /Batalkan/ })
    .first()
    .click();
  await expect(page.getByText('Perubahan terakhir dibatalkan').first()).toBeVisible();
});

test('nothing is counted before it has come', async ({ page }) => {
  await signIn(page, 'inspektur');
  let free = () => {};
  const held = new Promise<void>((go) => (free = go));
  await page.route(/\/api\/v1\/(findings\?|map\/)/, async (route) => {
    await held;
    await route.continue().catch(() => undefined);
  });
  await page.goto('/findings');
  await expect(page.getByText('Memuat…').first()).toBeVisible();
  await expect(page.getByText('Tidak ada temuan di sini')).toHaveCount(0);
  await page.goto('/');
  await expect(page.locator('canvas').first()).toBeVisible();
  await expect(page.getByText(/^0 /)).toHaveCount(0);
  free();
  await expect(page.getByText(/^\d+ kegiatan/).first()).toBeVisible();
});

test('on a phone the map, the list and the report are in reach', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn(page, 'petugas');
  await page.goto('/projects');
  const wide = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(wide).toBeLessThanOrEqual(390);
  await page.goto('/');
  await expect(page.getByText(/^\d+ kegiatan/).first()).toBeVisible();
});
