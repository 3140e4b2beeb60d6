/** An office passes from one to the next: a substitute for a week, then a successor, in whose name nobody else acts. */
import { execFileSync } from 'node:child_process';
import AxeBuilder from '@axe-core/playwright';
import type { Browser, Page } from '@playwright/test';
import { expect, signIn, test } from './support';

const PASSWORD = 'hujan meja sepeda biru';
const VILLAGE = '35.10.02.2001';
const stamp = Date.now();
const HEAD = `kades-${stamp}`;
const NEXT = `penerus-${stamp}`;

function add(login: string, name: string, role: string): void {
  const person = ['user', 'add', login, '--name', name, '--role', role, '--region', VILLAGE];
  execFileSync(process.env.TAPAK_E2E_BIN ?? 'tapak', person, { input: `${PASSWORD}\n` });
}

async function own(browser: Browser, login: string): Promise<Page> {
  const page = await (await browser.newContext({ locale: 'id-ID' })).newPage();
  const answer = await page.request.post('/api/v1/session', {
    data: { login, password: PASSWORD }
  });
  expect(answer.ok(), await answer.text()).toBe(true);
  return page;
}

async function barriers(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}

test('a head names a substitute, and an administrator appoints the successor', async ({
  browser,
  page
}) => {
  add(HEAD, 'Untung Uji', 'village_head');
  add(NEXT, 'Ratna Uji', 'officer');

  // By keyboard alone: the substitute, for one act.
  const head = await own(browser, HEAD);
  await head.goto('/account');
  await head.getByRole('button', { name: 'Tunjuk pengganti sementara' }).focus();
  await head.keyboard.press('Enter');
  const lending = head.getByRole('dialog');
  await expect(lending).toBeVisible();
  expect(await barriers(head)).toEqual([]);
  await lending.getByLabel('Rekan').focus();
  await head.keyboard.type('Ratna Uji');
  const today = await head.evaluate(() =>
    new Date().toLocaleDateString('sv', { timeZone: 'Asia/Jakarta' })
  );
  await lending.getByLabel('Hari terakhir').fill(today);
  await lending.getByLabel('menarik kegiatan').focus();
  await head.keyboard.press('Space');
  await lending.getByRole('button', { name: 'Tunjuk', exact: true }).focus();
  await head.keyboard.press('Enter');
  await expect(lending).toBeHidden();
  const substitute = head.getByRole('listitem').filter({ hasText: 'Ratna Uji' });
  await expect(substitute).toContainText('Pengganti sementara');
  await expect(substitute).toContainText('hanya menarik kegiatan');
  await expect(substitute).toContainText(/mulai \d+ \p{L}+ \d{4} · s\.d\. \d+ \p{L}+ \d{4} ·/u);

  const next = await own(browser, NEXT);
  await next.goto('/account');
  await expect(next.getByRole('heading', { name: /Kepala desa/ })).toBeVisible();
  await expect(next.getByRole('heading', { name: /^Petugas desa/ })).toBeVisible();

  // The successor: refused as long as somebody else holds the post, unless they are replaced.
  await signIn(page, 'admin');
  await page.goto(`/admin/posts?region=${VILLAGE}`);
  await page.getByRole('button', { name: /^Angkat: Kepala desa/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Nama pengguna').fill('tidak-ada');
  await dialog.getByRole('button', { name: 'Angkat', exact: true }).click();
  await expect(dialog.getByLabel('Nama pengguna')).toHaveAttribute('aria-invalid', 'true');
  await dialog.getByLabel('Nama pengguna').fill(NEXT);
  await dialog.getByLabel('Sebagai').selectOption({ label: 'Pj.' });
  await dialog.getByLabel('Menggantikan pemegang yang sekarang').uncheck();
  await dialog.getByRole('button', { name: 'Angkat', exact: true }).click();
  await expect(dialog.getByText(/Untung Uji/)).toBeVisible();
  await dialog.getByLabel('Menggantikan pemegang yang sekarang').check();
  expect(await barriers(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Angkat', exact: true }).click();
  await expect(dialog).toBeHidden();
  const post = page
    .getByRole('listitem')
    .filter({ hasText: /^Kepala desa/ })
    .first();
  await expect(post.getByRole('listitem').first()).toContainText('Ratna Uji');
  await expect(post.getByRole('listitem').first()).toContainText('Pj.');

  // At once, in the sessions that go on.
  await head.goto('/account');
  await expect(head.getByText('Anda tidak memegang jabatan saat ini.')).toBeVisible();
  await head.goto('/findings');
  await expect(head.getByRole('heading', { level: 1 })).not.toHaveText('Temuan');
  await next.goto('/account');
  await expect(next.getByRole('heading', { name: /Kepala desa/ })).toBeVisible();
  await expect(
    next.getByRole('button', { name: 'Tunjuk pengganti sementara' }).first()
  ).toBeVisible();
  await head.context().close();
  await next.context().close();
});
