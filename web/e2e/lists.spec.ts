/** Lists keep their place, what was withdrawn is found again, and a page shows what is so now. */
import { randomUUID } from 'node:crypto';
import { expect, signIn, test } from './support';

test('Back returns to the same row of a list that had grown', async ({ page }) => {
  await signIn(page, 'inspektur');
  await page.goto('/projects');
  const rows = page.getByRole('table').getByRole('row');
  await expect(rows).toHaveCount(51);
  await page.getByRole('button', { name: 'Tampilkan lagi' }).click();
  await expect.poll(() => rows.count()).toBeGreaterThan(51);
  const count = await rows.count();
  const link = rows.nth(60).getByRole('link');
  await link.scrollIntoViewIfNeeded();
  const content = page.locator('#content');
  const top = await content.evaluate((element) => element.scrollTop);
  expect(top).toBeGreaterThan(0);
  await link.click();
  await expect(page).toHaveURL(/\/projects\/[0-9a-f-]+$/);
  await page.goBack();
  await expect(rows).toHaveCount(count);
  await expect(link).toBeFocused();
  await expect.poll(() => content.evaluate((element) => element.scrollTop)).toBe(top);
});

test('Back from a message returns to the same row of the list of messages', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 320 });
  await signIn(page, 'admin');
  const queue = await page.request.get('/api/v1/findings?state=open&limit=1');
  const [finding] = ((await queue.json()) as { items: { id: string }[] }).items;
  const mails = async () => {
    const answer = await page.request.get('/api/v1/messages?limit=50');
    return ((await answer.json()) as { items: unknown[] }).items.length;
  };
  // What is said one after the other is told one after the other.
  for (const text of ['Kapan dilihat?', 'Sudah dilihat?', 'Belum juga?']) {
    const before = await mails();
    const answer = await page.request.post(`/api/v1/findings/${finding?.id}/comments`, {
      data: { id: randomUUID(), text }
    });
    expect(answer.ok()).toBe(true);
    await expect.poll(mails).toBeGreaterThan(before);
  }
  await page.goto('/messages');
  const link = page.locator('#content li a').nth(2);
  await link.evaluate((element) => element.scrollIntoView());
  const content = page.locator('#content');
  const top = await content.evaluate((element) => element.scrollTop);
  expect(top).toBeGreaterThan(0);
  const subject = await link.textContent();
  await link.click();
  await expect(page).toHaveURL(/\/messages\/[0-9a-f-]+$/);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(subject ?? '');
  await page.goBack();
  await expect(link).toBeFocused();
  await expect.poll(() => content.evaluate((element) => element.scrollTop)).toBe(top);
});

test('what was withdrawn is found in the list again, and put back', async ({ page }) => {
  await signIn(page, 'inspektur');
  const list = await page.request.get('/api/v1/projects?status=planned&limit=2');
  const { items } = (await list.json()) as {
    items: { id: string; title: string; row_version: number }[];
  };
  const one = items[1];
  if (!one) throw new Error('no project');
  const shown = await page.request.get(`/api/v1/projects/${one.id}`);
  const { row_version } = (await shown.json()) as { row_version: number };
  const answer = await page.request.post(`/api/v1/projects/${one.id}/withdraw`, {
    data: { row_version, reason: 'uji' }
  });
  expect(answer.ok()).toBe(true);
  await page.goto('/projects');
  await page.getByLabel('Hanya yang ditarik').check();
  await expect(page).toHaveURL(/withdrawn=true/);
  await page.locator(`a[href="/projects/${one.id}"]`).click();
  await page
    .getByRole('button', { name: /Batalkan/ })
    .first()
    .click();
  await expect(page.getByText('Perubahan terakhir dibatalkan').first()).toBeVisible();
});

test('an answer that comes late is never shown under the next address', async ({ page }) => {
  await signIn(page, 'inspektur');
  const queue = await page.request.get('/api/v1/findings?state=open&limit=1');
  type Work = { id: string; title: string };
  const [finding] = ((await queue.json()) as { items: { members: Work[] }[] }).items;
  const [first, slow] = finding?.members ?? [];
  if (!first || !slow) throw new Error('no finding of two');
  let free = () => {};
  const held = new Promise<void>((go) => (free = go));
  let asked = () => {};
  const isAsked = new Promise<void>((go) => (asked = go));
  await page.route(`**/api/v1/projects/${slow.id}`, async (route) => {
    asked();
    await held;
    await route.continue();
  });
  await page.goto(`/projects/${first.id}`);
  const heading = page.getByRole('heading', { level: 1 });
  const budget = page.locator('.main').getByRole('table').first();
  await expect(heading).toHaveText(first.title);
  const own = await budget.textContent();
  // On the way to the other one: that is said, and what is shown still belongs to the address.
  await page.locator(`.main a[href="/projects/${slow.id}"]`).first().click();
  await isAsked;
  await expect(page.getByText('Memuat…').first()).toBeVisible();
  await expect(heading).toHaveText(first.title);
  expect(await budget.textContent()).toBe(own);
  await page.getByRole('link', { name: 'Kegiatan', exact: true }).click();
  await expect(heading).toHaveText('Kegiatan');
  free();
  await page.waitForLoadState('networkidle');
  await expect(page).toHaveURL(/\/projects$/);
  await expect(heading).toHaveText('Kegiatan');
});

test('after an undo the page shows the findings of now, without a reload', async ({ page }) => {
  await signIn(page, 'inspektur');
  const queue = await page.request.get('/api/v1/findings?state=open&limit=1');
  const [finding] = ((await queue.json()) as { items: { members: { id: string }[] }[] }).items;
  const work = finding?.members[0]?.id ?? '';
  await page.goto(`/projects/${work}`);
  const open = page.locator('.main a[href^="/findings/"]').first();
  await expect(open).toBeVisible();
  await page.getByRole('button', { name: /^Tarik/ }).click();
  await page.getByRole('dialog').getByRole('textbox').fill('uji');
  await page.getByRole('dialog').getByRole('button', { name: /Tarik/ }).click();
  await expect(page.getByText('Kegiatan ini ditarik')).toBeVisible();
  // The screening of the withdrawal is over: the finding is closed.
  await expect
    .poll(async () => {
      const answer = await page.request.get(`/api/v1/projects/${work}`);
      const now = (await answer.json()) as { findings: { state: string }[] };
      return now.findings.filter((one) => one.state === 'open').length;
    })
    .toBe(0);
  await page
    .getByRole('button', { name: /Batalkan/ })
    .first()
    .click();
  await expect(page.getByText('Sedang diperiksa ulang')).toBeVisible();
  const openNow = async () => {
    const answer = await page.request.get(`/api/v1/projects/${work}`);
    const now = (await answer.json()) as { findings: { id: string; state: string }[] };
    return now.findings.find((one) => one.state === 'open')?.id;
  };
  await expect.poll(openNow).toBeTruthy();
  const id = await openNow();
  await expect(page.locator(`.main a[href="/findings/${id}"]`)).toBeVisible({ timeout: 16_000 });
});
