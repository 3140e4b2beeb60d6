/** Working through the queue: what is typed is not lost, the next finding is one step away, Back leads to the row, paper holds it all. */
import { type Page } from '@playwright/test';
import { v7 as newId } from 'uuid';
import { expect, signIn, signInByForm, test } from './support';

type Listed = { items: { id: string; headline: string }[] };

async function queue(page: Page): Promise<Listed['items']> {
  const answer = await page.request.get('/api/v1/findings?state=open&limit=50');
  return ((await answer.json()) as Listed).items;
}

const reason = (page: Page) => page.getByLabel('Alasan');
const comment = (page: Page) => page.getByLabel('Tanggapan Anda');

test('a typed reason and comment survive a reload, leaving, another tab and signing in again', async ({
  page,
  context
}) => {
  await signIn(page, 'inspektur');
  const [first, second] = await queue(page);
  if (!first || !second) throw new Error('the sample data have findings');
  await page.goto(`/findings/${first.id}`);
  await page.getByText('Perlu dilihat di lapangan', { exact: true }).click();
  await reason(page).fill('Dua berkas dengan satu foto.');
  await comment(page).fill('Mohon kirim gambar kerja.');

  await page.reload();
  await expect(page.getByText(/Draf dari .* dipulihkan/)).toHaveCount(2);
  await expect(reason(page)).toHaveValue('Dua berkas dengan satu foto.');
  await expect(page.getByRole('radio', { name: 'Perlu dilihat di lapangan' })).toBeChecked();

  // Another finding has words of its own.
  await page.goto(`/findings/${second.id}`);
  await expect(reason(page)).toHaveValue('');
  await page.goBack();
  await expect(comment(page)).toHaveValue('Mohon kirim gambar kerja.');

  const other = await context.newPage();
  await other.goto(`/findings/${first.id}`);
  await expect(reason(other)).toHaveValue('Dua berkas dengan satu foto.');
  await reason(other).fill('Dua berkas dengan satu foto dan satu kontrak.');
  await expect(reason(page)).toHaveValue('Dua berkas dengan satu foto dan satu kontrak.');
  await other.close();

  await page.request.delete('/api/v1/session');
  await signInByForm(page, 'admin');
  await page.goto(`/findings/${first.id}`);
  await expect(reason(page), 'of another person').toHaveValue('');
  await page.request.delete('/api/v1/session');
  await signInByForm(page, 'inspektur');
  await page.goto(`/findings/${first.id}`);
  await expect(comment(page)).toHaveValue('Mohon kirim gambar kerja.');

  await page.getByRole('button', { name: 'Kirim tanggapan' }).click();
  await expect(page.getByText('Mohon kirim gambar kerja.')).toBeVisible();
  await page.reload();
  await expect(comment(page), 'sent').toHaveValue('');
  await page.getByRole('button', { name: 'Buang draf' }).click();
  await page.reload();
  await expect(reason(page), 'thrown away').toHaveValue('');
});

test('after a decision it is said that it is kept, and the next finding of the same queue is there', async ({
  page
}) => {
  await signIn(page, 'inspektur');
  await page.goto('/findings?severity=alert');
  const rows = page.locator('a[data-finding]');
  await expect(rows.nth(2)).toBeVisible();
  const ids = await rows.evaluateAll((all) => all.map((one) => one.getAttribute('data-finding')));
  await rows.nth(0).click();
  await page.getByText('Pekerjaan berbeda', { exact: true }).click();
  await reason(page).fill('Dua ruas yang berbeda.');
  await page.getByRole('button', { name: 'Simpan keputusan' }).click();
  const said = page
    .getByRole('status')
    .filter({ hasText: 'Keputusan tersimpan: Pekerjaan berbeda.' });
  await expect(said).toBeVisible();
  await said.getByRole('link', { name: 'Temuan berikutnya' }).click();
  await expect(page).toHaveURL(new RegExp(`/findings/${ids[1]}\\?severity=alert$`));
  await expect(page.getByRole('link', { name: 'Temuan berikutnya' })).toBeVisible();
  await page.keyboard.press('n');
  await expect(page).toHaveURL(new RegExp(`/findings/${ids[2]}\\?severity=alert$`));

  // Put back what this test decided, for whoever comes after it.
  await page.goto(`/findings/${ids[0]}`);
  await page.getByRole('button', { name: 'Batalkan keputusan ini' }).click();
  await expect(reason(page)).toBeVisible();
});

test('the findings of one village are found by typing its name, and the address keeps it', async ({
  page
}) => {
  await signIn(page, 'inspektur');
  const answer = await page.request.get('/api/v1/findings?state=open&limit=1');
  type Summary = { members: { village: { id: string; name: string } }[] };
  const village = ((await answer.json()) as { items: Summary[] }).items[0]?.members[0]?.village;
  if (!village) throw new Error('the sample data have findings');
  const expected = await page.request.get(`/api/v1/findings?state=open&village=${village.id}`);
  const ids = ((await expected.json()) as Listed).items.map((one) => one.id);
  await page.goto('/findings');
  const rows = page.locator('a[data-finding]');
  await expect.poll(() => rows.count()).toBeGreaterThan(ids.length);
  const field = page.getByRole('combobox', { name: 'Desa atau kelurahan' });
  await field.fill(village.name);
  await page.getByRole('option', { name: village.name }).first().click();
  await expect(page).toHaveURL(new RegExp(`village=${village.id}`));
  await expect(rows).toHaveCount(ids.length);
  await page.reload();
  await expect(field).toHaveValue(village.name);
  await expect(rows).toHaveCount(ids.length);
  await rows.first().click();
  await expect(page).toHaveURL(new RegExp(`/findings/${ids[0]}\\?village=${village.id}$`));
});

test('Back returns to the row of the list that was opened', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 480 });
  await signIn(page, 'inspektur');
  await page.goto('/findings');
  const rows = page.locator('a[data-finding]');
  await expect(rows.nth(9)).toBeAttached();
  const row = rows.nth(9);
  const id = await row.getAttribute('data-finding');
  await row.scrollIntoViewIfNeeded();
  const top = await page.locator('#content').evaluate((main) => main.scrollTop);
  expect(top).toBeGreaterThan(0);
  await row.click();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`/findings/${id}$`));
  await page.goBack();
  await expect(page.locator(`a[data-finding="${id}"]`)).toBeFocused();
  await expect
    .poll(() => page.locator('#content').evaluate((main) => main.scrollTop))
    .toBeCloseTo(top, -1);
});

test('a printed finding says which it is and who printed it, with its map, and cuts nothing off', async ({
  page
}) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await signIn(page, 'inspektur');
  const [finding] = await queue(page);
  if (!finding) throw new Error('the sample data have findings');
  await page.goto(`/findings/${finding.id}`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.evaluate(() => window.dispatchEvent(new Event('beforeprint')));
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await expect(page.getByText(finding.id)).toBeVisible();
  await expect(page.getByText('Dicetak')).toBeVisible();
  const map = page.getByRole('img', { name: 'Peta lokasi kegiatan dalam temuan ini' });
  await expect(map).toBeVisible();
  expect(await map.locator('path').count()).toBeGreaterThan(1);
  await expect(page.getByRole('navigation')).toBeHidden();
  await expect(page.getByRole('button', { name: 'Simpan keputusan' })).toBeHidden();
  const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  expect(ground).toBe('rgb(255, 255, 255)');
  const cut = await page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('main, .frame, table')].filter(
      (one) =>
        getComputedStyle(one).overflowY !== 'visible' && one.scrollHeight > one.clientHeight + 1
    )
  );
  expect(cut).toEqual([]);
});

test('of a long talk the newest is shown, the older on request, and a link leads to the first word', async ({
  page
}) => {
  await signIn(page, 'inspektur');
  const one = (await queue(page)).at(-1);
  if (!one) throw new Error('the sample data have findings');
  const first = newId();
  for (let n = 1; n <= 52; n += 1) {
    const data = { id: n === 1 ? first : newId(), text: `Keterangan nomor ${n}.` };
    const answer = await page.request.post(`/api/v1/findings/${one.id}/comments`, { data });
    expect(answer.status()).toBe(200);
  }
  await page.goto(`/findings/${one.id}`);
  const words = page.locator('[data-comment] .text');
  await expect(words).toHaveCount(50);
  await expect(words.first()).toHaveText('Keterangan nomor 3.');
  await expect(words.last()).toHaveText('Keterangan nomor 52.');
  await page.getByRole('button', { name: 'Tanggapan yang lebih lama' }).click();
  await expect(words).toHaveCount(52);
  await expect(words.first()).toHaveText('Keterangan nomor 1.');
  await expect(page.getByRole('button', { name: 'Tanggapan yang lebih lama' })).toHaveCount(0);

  await page.goto('/findings');
  await page.goto(`/findings/${one.id}#comment-${first}`);
  await expect(page.locator(`#comment-${first}`)).toBeFocused();
  await expect(page.locator(`#comment-${first}`)).toBeInViewport();
});
