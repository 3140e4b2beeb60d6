/** Somebody without mail gets a card, opens it with a telephone, and is in; a lost password is a call away. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, signIn, test } from './support';

const LOGIN = `kartu-${Date.now()}`;
const CHOSEN = 'kapur lonceng perahu tua';

async function barriers(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}

test('an officer without mail is invited by a card and chooses the password', async ({
  browser,
  page
}) => {
  await signIn(page, 'admin');
  await page.goto('/admin/people');
  await page.getByRole('button', { name: 'Undang seseorang' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Nama lengkap').fill('Mbok Sumi');
  await dialog.getByLabel('Nama pengguna').fill(LOGIN);
  await dialog.getByLabel('Kode wilayah').fill('35.10.99.2001');
  expect(await barriers(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Undang', exact: true }).click();
  await expect(dialog.getByLabel('Kode wilayah')).toHaveAttribute('aria-invalid', 'true');
  await dialog.getByLabel('Kode wilayah').fill('35.10.14.2014');
  await dialog.getByRole('button', { name: 'Undang', exact: true }).click();
  await expect(dialog.getByRole('img', { name: /QR/ })).toBeVisible();
  const code = (await dialog.locator('code.code').textContent()) ?? '';
  expect(code).toMatch(/^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$/);
  expect(await barriers(page)).toEqual([]);
  await page.keyboard.press('Escape');
  const row = page.getByRole('listitem').filter({ hasText: LOGIN });
  await expect(row).toContainText('belum memilih kata sandi');

  // From the QR code: the code leaves the address at once.
  const phone = await (
    await browser.newContext({ locale: 'id-ID', viewport: { width: 390, height: 844 } })
  ).newPage();
  await phone.goto(`/enter#${code}`);
  await expect(phone.getByText('Selamat datang, Mbok Sumi.')).toBeVisible();
  expect(new URL(phone.url()).hash).toBe('');
  expect(await barriers(phone)).toEqual([]);
  const field = phone.getByLabel('Kata sandi baru');
  await field.fill('password123');
  await phone.keyboard.press('Enter');
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  await field.fill(CHOSEN);
  await phone.keyboard.press('Enter');
  await expect(phone).toHaveURL(/\/(\?|$)/);
  await phone.goto('/account');
  await expect(phone.getByRole('heading', { name: /^Petugas desa/ })).toBeVisible();

  // Typed by hand, in small letters: it was used.
  await phone.goto('/enter');
  await phone.getByLabel('Kode sekali pakai').fill(code.toLowerCase());
  await phone.keyboard.press('Enter');
  await expect(phone.getByLabel('Kode sekali pakai')).toHaveAttribute('aria-invalid', 'true');

  // By telephone: the administrator reads a code out.
  await page.reload();
  await row.getByRole('button', { name: /^Kode masuk/ }).click();
  await dialog.getByRole('button', { name: 'Buat kode' }).click();
  const second = (await dialog.locator('code.code').textContent()) ?? '';
  await phone.getByLabel('Kode sekali pakai').fill(second.replaceAll('-', ' '));
  await phone.keyboard.press('Enter');
  await expect(phone.getByText('Selamat datang, Mbok Sumi.')).toBeVisible();
  await phone.context().close();
});

test('whoever forgot the password is told what to do, whoever they are', async ({ page }) => {
  await page.goto('/sign-in');
  await page.getByRole('link', { name: 'Lupa kata sandi?' }).click();
  await page.getByLabel('Nama pengguna atau alamat surel').fill('tidak-ada');
  expect(await barriers(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await expect(page.getByRole('status')).toContainText('Kalau ada akun');
});
