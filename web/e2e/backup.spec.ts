/** Whether what was recorded would come back is seen by who can do something about it. */
import AxeBuilder from '@axe-core/playwright';
import { startOwnServer, type OwnServer } from './own-server';
import { expect, test } from './support';

const PASSWORD = 'kata-sandi-uji-1';
let server: OwnServer;

test.beforeAll(async () => {
  server = await startOwnServer({ TAPAK_SECOND_FACTOR: 'offered' });
});
test.afterAll(() => server.stop());

test('an administrator sees that nothing is backed up, then how old the backup is, then why one failed', async ({
  page
}) => {
  server.tapak(
    ['user', 'add', 'admin', '--name', 'Admin', '--role', 'administrator'],
    `${PASSWORD}\n`
  );
  const signedIn = await page.request.post(`${server.url}/api/v1/session`, {
    data: { login: 'admin', password: PASSWORD }
  });
  expect(signedIn.ok()).toBe(true);
  const backups = page.getByRole('region', { name: 'Cadangan' });
  await page.goto(`${server.url}/admin`);
  await expect(backups).toContainText('Belum ada cadangan yang utuh');
  await expect(backups).toContainText('isi setelan backup');

  const place = test.info().outputPath('cadangan');
  server.tapak(['backup', place]);
  await page.reload();
  await expect(backups).toContainText('Cadangan utuh terakhir');
  await expect(backups).toContainText(place);
  await expect(backups).not.toContainText('Belum ada');

  expect(() => server.tapak(['backup', '/dev/null/cadangan'])).toThrow();
  await page.reload();
  await expect(backups).toContainText('Cadangan terakhir gagal');
  await expect(backups).toContainText('Tempat cadangan /dev/null/cadangan tidak dapat dipakai');
  const axe = await new AxeBuilder({ page }).analyze();
  expect(axe.violations.map((one) => one.id)).toEqual([]);
});
