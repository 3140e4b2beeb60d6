/** A person and their account: a new password, a phone that was lost, an office that ended. */
import { execFileSync } from 'node:child_process';
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, signIn, test } from './support';

const LOGIN = `petugas-${Date.now()}`;
const FIRST = 'hujan meja sepeda biru';
const SECOND = 'kapur lonceng perahu tua';

async function signInWith(page: Page, password: string): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('Nama pengguna').fill(LOGIN);
  await page.getByLabel('Kata sandi').fill(password);
  await page.getByRole('button', { name: 'Masuk', exact: true }).click();
}

test('a person changes the password, and an administrator ends what they may do', async ({
  browser,
  page
}) => {
  const arguments_ = ['user', 'add', LOGIN, '--name', 'Sri Uji', '--role', 'officer'];
  execFileSync(process.env.TAPAK_E2E_BIN ?? 'tapak', [...arguments_, '--region', '35.10'], {
    input: `${FIRST}\n`
  });
  // The telephone that stays signed in elsewhere.
  const lost = await (await browser.newContext({ locale: 'id-ID' })).newPage();
  await signInWith(lost, FIRST);
  await expect(lost).toHaveURL(/\/(\?|$)/);

  await signInWith(page, FIRST);
  await expect(page).toHaveURL(/\/(\?|$)/);
  await page.goto('/account');
  await expect(page.getByRole('button', { name: /^Akhiri sesi/ })).toHaveCount(1);
  await page.getByLabel('Kata sandi lama').fill('salah');
  await page.getByLabel('Kata sandi baru').fill(SECOND);
  await page.getByRole('button', { name: 'Ganti kata sandi' }).click();
  await expect(page.getByLabel('Kata sandi lama')).toHaveAttribute('aria-invalid', 'true');
  await page.getByLabel('Kata sandi lama').fill(FIRST);
  await page.getByRole('button', { name: 'Ganti kata sandi' }).click();
  await expect(page.getByText('Kata sandi sudah diganti.')).toBeVisible();
  await lost.goto('/account');
  await expect(lost.getByRole('link', { name: 'Masuk' }).first()).toBeVisible();
  await lost.context().close();

  const admin = await (await browser.newContext({ locale: 'id-ID' })).newPage();
  await signIn(admin, 'admin');
  await admin.goto('/admin/people');
  await admin.getByRole('button', { name: 'Nonaktifkan: Sri Uji' }).click();
  const { violations } = await new AxeBuilder({ page: admin }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  await admin.getByRole('dialog').getByRole('button', { name: 'Nonaktifkan' }).click();
  await expect(admin.getByRole('button', { name: 'Aktifkan: Sri Uji' })).toBeVisible();

  await page.reload();
  await expect(page.getByRole('link', { name: 'Masuk' }).first()).toBeVisible();
  await signInWith(page, SECOND);
  await expect(page.getByRole('alert')).toBeVisible();

  await admin.getByRole('button', { name: 'Aktifkan: Sri Uji' }).click();
  await expect(admin.getByRole('button', { name: 'Nonaktifkan: Sri Uji' })).toBeVisible();
  await signInWith(page, SECOND);
  await expect(page).toHaveURL(/\/(\?|$)/);
  await admin.context().close();
});

for (const path of ['/account', '/admin/people', '/admin/posts']) {
  test(
    `no barrier that a machine can find, and no sideways scroll, on ${path}`,
    { tag: '@looks' },
    async ({ page }) => {
      await page.setViewportSize({ width: 320, height: 640 });
      await signIn(page, 'admin');
      await page.goto(path);
      await page.waitForLoadState('networkidle');
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
      const beside = await page.evaluate(() => {
        const content = document.getElementById('content');
        return content === null || content.scrollWidth > content.clientWidth;
      });
      expect(beside).toBe(false);
    }
  );
}
