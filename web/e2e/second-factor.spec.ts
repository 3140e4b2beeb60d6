/** An inspector of a new installation sets up the second factor, signs in with it, loses the telephone, and is helped. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { URI, type TOTP } from 'otpauth';
import { startOwnServer, type OwnServer } from './own-server';
import { expect, test } from './support';

const PASSWORD = 'kapur lonceng perahu tua';
let server: OwnServer;

test.beforeAll(async () => {
  server = await startOwnServer();
  server.tapak(['import', 'villages', '../sample-data/villages.geojson']);
  for (const [login, role, name] of [
    ['pemeriksa', 'inspector', 'Dewi L.'],
    ['kepala-admin', 'administrator', 'Bagus P.']
  ] as const) {
    const person = ['--name', name, '--role', role, '--region', '35.10'];
    server.tapak(['user', 'add', login, ...person], `${PASSWORD}\n`);
  }
});
test.afterAll(() => server.stop());

async function barriers(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}

async function signIn(page: Page, login: string) {
  await page.goto(`${server.url}/sign-in`);
  await page.getByLabel('Nama pengguna').fill(login);
  await page.getByLabel('Kata sandi').fill(PASSWORD);
  await page.keyboard.press('Enter');
}

/** The code of the next half minute: the server takes it, and the one of now may have been used. */
const nextCode = (telephone: TOTP) => telephone.generate({ timestamp: Date.now() + 30_000 });

/** On the account page, with the keyboard alone; gives the telephone and the recovery codes. */
async function setUp(page: Page): Promise<{ telephone: TOTP; recovery: string[] }> {
  await page.getByRole('button', { name: 'Pasang', exact: true }).focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Kata sandi').fill('bukan kata sandinya');
  await page.keyboard.press('Enter');
  await expect(dialog.getByLabel('Kata sandi')).toHaveAttribute('aria-invalid', 'true');
  await dialog.getByLabel('Kata sandi').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('img', { name: /QR/ })).toBeVisible();
  expect(await barriers(page)).toEqual([]);
  const address = await dialog.getByRole('link', { name: /Buka di sini/ }).getAttribute('href');
  const telephone = URI.parse(address ?? '') as TOTP;
  expect(telephone.issuer).toBe('Tapak');
  const typed = (await dialog.locator('code').textContent())?.replaceAll(' ', '');
  expect(telephone.secret.base32).toBe(typed);
  const code = dialog.getByLabel('Kode verifikasi');
  await code.fill('12345');
  await page.keyboard.press('Enter');
  await expect(code).toHaveAttribute('aria-invalid', 'true');
  await code.fill(telephone.generate());
  await page.keyboard.press('Enter');
  await expect(dialog.getByRole('heading', { name: 'Kode pemulihan' })).toBeVisible();
  const recovery = await dialog.locator('li code').allTextContents();
  expect(recovery).toHaveLength(10);
  expect(await barriers(page)).toEqual([]);
  await dialog.getByRole('button', { name: 'Sudah saya simpan' }).click();
  await expect(page.getByText(/Aktif sejak/)).toBeVisible();
  return { telephone, recovery };
}

test('an inspector sets it up, passes it, loses the telephone, and is helped by the administrator', async ({
  browser,
  page
}) => {
  // The rights wait; the page says so, and where to go.
  await signIn(page, 'pemeriksa');
  await expect(page).toHaveURL(/\/account$/);
  await expect(page.getByText('wajib memakainya')).toBeVisible();
  await page.goto(`${server.url}/findings`);
  await page.getByRole('link', { name: 'Pasang sekarang' }).click();
  await expect(page).toHaveURL(/\/account#second-factor$/);
  const { telephone, recovery } = await setUp(page);
  await expect(page.getByRole('heading', { name: /^Inspektur/ })).toBeVisible();

  // Signed out, and in again by the telephone.
  await page.context().clearCookies();
  await signIn(page, 'pemeriksa');
  const code = page.getByLabel('Kode verifikasi');
  await expect(code).toBeFocused();
  expect(await barriers(page)).toEqual([]);
  await code.fill('000000');
  await page.keyboard.press('Enter');
  await expect(code).toHaveAttribute('aria-invalid', 'true');
  await code.fill(nextCode(telephone));
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/(\?|$)/);
  await expect(page.getByRole('link', { name: 'Pasang sekarang' })).toHaveCount(0);

  // Without the telephone, by a recovery code, typed in small letters.
  await page.context().clearCookies();
  await signIn(page, 'pemeriksa');
  await page.getByLabel('Kode verifikasi').fill(recovery[0]!.toLowerCase());
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/(\?|$)/);
  await page.goto(`${server.url}/account`);
  await expect(page.getByText('Tersisa 9 kode pemulihan.')).toBeVisible();

  // Both lost: the administrator, who has one too, takes it away.
  const office = await (await browser.newContext({ locale: 'id-ID' })).newPage();
  await signIn(office, 'kepala-admin');
  await expect(office).toHaveURL(/\/account$/);
  await setUp(office);
  await office.goto(`${server.url}/admin/people`);
  await office.getByRole('button', { name: 'Hapus verifikasi: Dewi L.' }).click();
  const dialog = office.getByRole('dialog');
  await expect(dialog).toContainText('lewat telepon');
  expect(await barriers(office)).toEqual([]);
  await dialog.getByRole('button', { name: 'Hapus verifikasi' }).click();
  await expect(office.getByRole('status').filter({ hasText: 'sudah dihapus' })).toBeVisible();

  // Their session ended; the password opens the account, and the rights wait again.
  await page.reload();
  await expect(page.getByRole('link', { name: 'Masuk' }).first()).toBeVisible();
  await signIn(page, 'pemeriksa');
  await expect(page).toHaveURL(/\/account$/);
  await expect(page.getByText('wajib memakainya')).toBeVisible();
});
