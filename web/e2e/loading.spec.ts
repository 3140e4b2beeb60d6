/** On the way to a page: what the server refuses is said once, and what to do about it. */
import { expect, signIn, test } from './support';

test('a page that the server refuses is tried again where it is', async ({ page }) => {
  await signIn(page, 'inspektur');
  const list = await page.request.get('/api/v1/projects?limit=1');
  const [work] = ((await list.json()) as { items: { id: string; title: string }[] }).items;
  if (!work) throw new Error('the sample data have works');
  const address = `**/api/v1/projects/${work.id}`;
  await page.route(address, (route) =>
    route.fulfill({
      status: 429,
      contentType: 'application/problem+json',
      json: { code: 'too_many_requests', status: 429, title: '-', detail: 'Terlalu banyak.' }
    })
  );
  await page.goto('/projects');
  await page.locator(`a[href="/projects/${work.id}"]`).click();
  await expect(page).toHaveURL(new RegExp(`/projects/${work.id}$`));
  await expect(page.getByRole('alert')).toContainText('Terlalu banyak.');
  await page.unroute(address);
  await page.getByRole('button', { name: 'Coba lagi' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(work.title);
});

test('a list that the server refuses keeps its filters and is tried again', async ({ page }) => {
  await signIn(page, 'inspektur');
  await page.route(/\/api\/v1\/findings\?/, (route) =>
    route.fulfill({ status: 429, json: { code: 'too_many_requests', status: 429, title: '-' } })
  );
  await page.goto('/findings?severity=alert');
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(page.getByLabel('Tingkat')).toHaveValue('alert');
  await page.unroute(/\/api\/v1\/findings\?/);
  await page.getByRole('button', { name: 'Coba lagi' }).click();
  await expect(page.locator('a[data-finding]').first()).toBeVisible();
});

test('whose session ended signs in and comes back to the page they wanted', async ({ page }) => {
  await signIn(page, 'inspektur');
  await page.goto('/projects');
  await expect(page.getByRole('link', { name: 'Temuan' })).toBeVisible();
  await page.request.delete('/api/v1/session');
  await page.getByRole('link', { name: 'Temuan' }).click();
  await page.getByRole('main').getByRole('link', { name: 'Masuk' }).click();
  await page.getByLabel('Nama pengguna').fill('inspektur');
  await page.getByLabel('Kata sandi').fill('demo-tapak');
  await page.getByRole('button', { name: 'Masuk', exact: true }).click();
  await expect(page).toHaveURL(/\/findings$/);
  await expect(page.locator('a[data-finding]').first()).toBeVisible();
});

test('an address that is none, and a work that is none, are called so', async ({ page }) => {
  for (const path of ['/tidak-ada', '/projects/019a0000-0000-7000-8000-000000000000']) {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Halaman tidak ditemukan');
  }
});

test('who may not open a part of the page reads that, and finds no link to it', async ({
  page
}) => {
  await signIn(page, 'petugas');
  for (const path of ['/messages', '/admin', '/admin/people']) {
    await page.goto(path);
    await expect(page.getByText('Bagian ini bukan untuk peran Anda')).toBeVisible();
  }
  await expect(page.getByRole('link', { name: 'Temuan' })).toBeVisible();
  for (const name of ['Pesan', 'Admin']) {
    await expect(page.getByRole('link', { name })).toHaveCount(0);
  }
});
