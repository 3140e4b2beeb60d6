/** A report begun in the field is not lost, its photos neither. In a profile on disk, as a telephone has one: contexts of the tests are private windows. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from '@playwright/test';
import { expect, signIn, signInByForm, test } from './support';

const PHOTOS = join(import.meta.dirname, '../../sample-data/photos');
const [photo = '', other = ''] = readdirSync(PHOTOS)
  .filter((name) => name.endsWith('.jpg'))
  .map((name) => join(PHOTOS, name));

let profile: string;
let browser: BrowserContext;

/** The browser with what it kept when it was closed. */
async function open(): Promise<Page> {
  const { launchOptions, baseURL, locale, timezoneId } = test.info().project.use;
  browser = await chromium.launchPersistentContext(profile, {
    ...launchOptions,
    ...(baseURL && { baseURL }),
    ...(locale && { locale }),
    ...(timezoneId && { timezoneId })
  });
  return browser.pages()[0] ?? browser.newPage();
}

test.beforeEach(() => {
  profile = mkdtempSync(join(tmpdir(), 'tapak-e2e-profile-'));
});
test.afterEach(async () => {
  await browser.close();
  rmSync(profile, { recursive: true });
});

/** The address of a report on a project that the inspector and the administrator may both report on. */
async function reportOn(page: Page): Promise<string> {
  const answer = await page.request.get('/api/v1/projects?status=running&limit=1');
  const [known] = ((await answer.json()) as { items: { id: string }[] }).items;
  if (!known) throw new Error('no project');
  return `/projects/${known.id}/report`;
}

const note = (page: Page) => page.locator('[data-field="note"]');
const rows = (page: Page) => page.getByRole('listitem').filter({ has: page.getByRole('img') });
const KEPT = 'Isian dan foto tersimpan di perangkat ini sampai terkirim.';

async function expectPictures(page: Page, n: number) {
  await expect(rows(page)).toHaveCount(n);
  const drawn = () =>
    rows(page)
      .locator('img')
      .evaluateAll((all) => all.filter((one) => (one as HTMLImageElement).naturalWidth > 0).length);
  await expect.poll(drawn).toBe(n);
}

/** How many photos this browser still has. */
function keptPhotos(page: Page): Promise<number> {
  return page.evaluate(
    () =>
      new Promise<number>((found, failed) => {
        const opening = indexedDB.open('tapak.drafts');
        opening.onerror = () => failed(new Error('no database'));
        opening.onsuccess = () => {
          const counting = opening.result.transaction('photos').objectStore('photos').count();
          counting.onsuccess = () => {
            opening.result.close();
            found(counting.result);
          };
        };
      })
  );
}

test('a report with its photos is there again after a reload, Back, closing the browser and signing in again, and for nobody else', async () => {
  let page = await open();
  await signIn(page, 'inspektur');
  const address = await reportOn(page);
  await page.goto(address);
  await page.getByText('50 %', { exact: true }).click();
  await note(page).fill('cor lantai selesai');
  await page.getByTestId('gallery').setInputFiles([photo, other]);
  await expect(page.getByText(KEPT)).toBeVisible();

  await page.reload();
  await expectPictures(page, 2);
  await expect(page.getByText(/Draf dari .* dipulihkan/)).toBeVisible();

  await page.goto('/projects');
  await page.goBack();
  await expectPictures(page, 2);

  // The telephone is switched off; the session ends meanwhile.
  await browser.close();
  page = await open();
  await browser.clearCookies();
  await signInByForm(page, 'admin');
  await page.goto(address);
  await expect(note(page), 'of another person').toHaveValue('');
  await expectPictures(page, 0);
  await browser.clearCookies();
  await page.goto(address);
  await page.locator('#content').getByRole('link', { name: 'Masuk' }).click();
  await page.getByLabel('Nama pengguna').fill('inspektur');
  await page.getByLabel('Kata sandi').fill('demo-tapak');
  await page.getByRole('button', { name: 'Masuk', exact: true }).click();
  await expect(page).toHaveURL(address);
  await expect(note(page)).toHaveValue('cor lantai selesai');
  await expect(page.getByRole('radio', { name: '50 %' })).toBeChecked();
  await expectPictures(page, 2);

  // What is taken out is gone, what is sent is on the server alone.
  await page.getByRole('button', { name: 'Hapus foto 2' }).click();
  await expect.poll(() => keptPhotos(page)).toBe(1);
  await page.getByRole('button', { name: 'Kirim laporan' }).click();
  await expect(page.getByTestId('receipt')).toHaveText('1 dari 1 foto sudah di server ✓');
  await expect.poll(() => keptPhotos(page)).toBe(0);
  await page.reload();
  await expect(note(page)).toHaveValue('');
  await expectPictures(page, 0);
});

test('a session that ends while somebody writes keeps the report, and it is sent after signing in', async () => {
  const page = await open();
  await signIn(page, 'inspektur');
  await page.goto(await reportOn(page));
  await page.getByText('75 %', { exact: true }).click();
  await page.getByTestId('gallery').setInputFiles(photo);
  await expect(page.getByText(KEPT)).toBeVisible();
  await browser.clearCookies();
  await page.getByRole('button', { name: 'Kirim laporan' }).click();
  const asked = page.getByRole('link', { name: 'Masuk untuk melapor' });
  await expect(asked).toBeVisible();
  await asked.evaluate((link) => link.removeAttribute('target'));
  await asked.click();
  await page.getByLabel('Nama pengguna').fill('inspektur');
  await page.getByLabel('Kata sandi').fill('demo-tapak');
  await page.getByRole('button', { name: 'Masuk', exact: true }).click();
  await expectPictures(page, 1);
  await page.getByRole('button', { name: 'Kirim laporan' }).click();
  await expect(page.getByTestId('receipt')).toHaveText('1 dari 1 foto sudah di server ✓');
});

test('a report whose photos were cut off goes on where it was, after the browser was closed too', async () => {
  let page = await open();
  await signIn(page, 'inspektur');
  const address = await reportOn(page);
  await page.goto(address);
  await page.getByText('25 %', { exact: true }).click();
  await page.getByTestId('gallery').setInputFiles([photo, other]);
  await expect(page.getByText(KEPT)).toBeVisible();
  let sent = 0;
  await browser.route('**/original', (route) => {
    sent += 1;
    return sent === 1 ? route.continue() : route.abort();
  });
  await page.getByRole('button', { name: 'Kirim laporan' }).click();
  await expect(page.getByRole('alert')).toContainText('1 foto belum sampai di server', {
    timeout: 30_000
  });
  await browser.close();

  page = await open();
  let again = 0;
  page.on('request', (request) => (again += Number(request.url().endsWith('/original'))));
  await page.goto(address);
  await expectPictures(page, 2);
  await expect(page.getByTestId('receipt')).toHaveText('1 dari 2 foto sudah di server');
  await page.getByRole('button', { name: 'Kirim 1 foto lagi' }).click();
  await expect(page.getByTestId('receipt')).toHaveText('2 dari 2 foto sudah di server ✓');
  expect(again, 'photos sent').toBe(1);
  await expect.poll(() => keptPhotos(page)).toBe(0);
});

test('a browser without room says that it keeps nothing, and the report is sent all the same', async () => {
  const page = await open();
  await signIn(page, 'inspektur');
  await page.goto(await reportOn(page));
  const cdp = await browser.newCDPSession(page);
  const origin = new URL(page.url()).origin;
  await cdp.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1_000 });
  await page.getByText('25 %', { exact: true }).click();
  await page.getByTestId('gallery').setInputFiles(photo);
  const word = page.getByText('Peramban ini tidak dapat menyimpan isian dan foto');
  await expect(word).toBeVisible();
  await page.getByRole('button', { name: 'Kirim laporan' }).click();
  await expect(page.getByTestId('receipt')).toHaveText('1 dari 1 foto sudah di server ✓');
});

test('a browser that refuses all keeping says so too', async () => {
  const page = await open();
  await signIn(page, 'inspektur');
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('refused', 'SecurityError');
    };
    Storage.prototype.setItem = () => {
      throw new DOMException('refused', 'QuotaExceededError');
    };
  });
  await page.goto(await reportOn(page));
  await page.getByText('25 %', { exact: true }).click();
  await expect(page.getByText('Peramban ini tidak dapat menyimpan isian dan foto')).toBeVisible();
  await page.getByTestId('gallery').setInputFiles(photo);
  await expectPictures(page, 1);
  await page.getByRole('button', { name: 'Kirim laporan' }).click();
  await expect(page.getByTestId('receipt')).toHaveText('1 dari 1 foto sudah di server ✓');
});

test('a report opened in a second tab goes on there with its photos, and the first tab says so', async () => {
  const first = await open();
  await signIn(first, 'inspektur');
  const address = await reportOn(first);
  await first.goto(address);
  await note(first).fill('ditulis di tab pertama');
  await first.getByTestId('gallery').setInputFiles(photo);
  await expect(first.getByText(KEPT)).toBeVisible();
  const second = await browser.newPage();
  await second.goto(address);
  await expectPictures(second, 1);
  await expect(first.getByText('sedang diisi di tab lain')).toBeVisible();
  await second.getByRole('button', { name: 'Buang draf' }).click();
  await expectPictures(second, 0);
  // Thrown away there; the first tab has it still, if it is wanted.
  await first.getByRole('button', { name: 'Lanjutkan di sini' }).click();
  await expect(note(first)).toHaveValue('ditulis di tab pertama');
  await expect.poll(() => keptPhotos(first)).toBe(1);
  await first.reload();
  await expectPictures(first, 1);
});

test('what is damaged or there already is left out with a word, before anything is sent', async () => {
  const page = await open();
  await signIn(page, 'inspektur');
  await page.goto(await reportOn(page));
  const damaged = {
    name: 'rusak.jpg',
    mimeType: 'image/jpeg',
    buffer: Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(546, 7)])
  };
  await page.getByTestId('gallery').setInputFiles(damaged);
  await expect(page.getByText('rusak.jpg rusak atau tidak dapat dibuka')).toBeVisible();
  await page.getByTestId('gallery').setInputFiles(photo);
  await expectPictures(page, 1);
  await page.getByTestId('gallery').setInputFiles([photo, other]);
  await expect(page.getByText('sudah ada dalam laporan ini')).toBeVisible();
  await expectPictures(page, 2);
  await expect(page.getByText(KEPT)).toBeVisible();
  await page.reload();
  await expectPictures(page, 2);
  await page.getByTestId('gallery').setInputFiles(other);
  await expect(page.getByText('sudah ada dalam laporan ini')).toBeVisible();
  await expectPictures(page, 2);
});

test('a photo that the server refused is said to be refused, and another one takes its place on the page of the project', async () => {
  const page = await open();
  await signIn(page, 'inspektur');
  const address = await reportOn(page);
  await page.goto(address);
  await page.getByText('75 %', { exact: true }).click();
  // A browser opens the half of a photo; the server looks at all of it.
  const whole = readFileSync(photo);
  const buffer = whole.subarray(0, Math.floor(whole.length / 2));
  await page
    .getByTestId('gallery')
    .setInputFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer });
  await expectPictures(page, 1);
  await page.getByRole('button', { name: 'Kirim laporan' }).click();
  await expect(page.getByRole('alert')).toContainText('1 foto ditolak server');
  await expect(page.getByText('Ambil ulang fotonya, atau pilih foto lain.')).toBeVisible();
  await expect(page.getByText('kirim lagi', { exact: false })).toHaveCount(0);
  await page.getByRole('link', { name: 'Lihat kegiatan' }).click();
  const refused = page.getByTestId('photo-fault');
  await expect(refused).toContainText('Berkas yang dikirim untuk foto ini ditolak');
  await expect(page.getByText('Belum sampai di server')).toHaveCount(0);
  await refused.getByLabel('Pilih foto pengganti').setInputFiles(other);
  await expect(refused).toHaveCount(0);
});
