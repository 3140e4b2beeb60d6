/** What somebody typed stays theirs until it is sent: drafts of forms and reasons. */
import type { Page } from '@playwright/test';
import { expect, signIn, signInByForm, test } from './support';

type Project = { id: string; title: string; may: { withdraw: boolean } };

test('a form half filled is there again after leaving, Back, another tab and signing in again', async ({
  page,
  context
}) => {
  await signIn(page, 'inspektur');
  await page.goto('/projects');
  await page.goto('/projects/new');
  const title = page.getByLabel('Judul kegiatan');
  await title.fill('Rabat beton yang belum terkirim');
  await page.goBack();
  await page.goForward();
  await expect(title).toHaveValue('Rabat beton yang belum terkirim');
  await expect(page.getByText(/Draf dari .* dipulihkan/)).toBeVisible();
  const other = await context.newPage();
  await other.goto('/projects/new');
  await expect(other.getByLabel('Judul kegiatan')).toHaveValue('Rabat beton yang belum terkirim');
  await other.close();
  // The session ends, and somebody else sits down at the same computer.
  await context.clearCookies();
  await signInByForm(page, 'petugas');
  await page.goto('/projects/new');
  await expect(title).toHaveValue('');
  await context.clearCookies();
  await page.goto('/projects/new');
  await page.locator('#content').getByRole('link', { name: 'Masuk' }).click();
  await page.getByLabel('Nama pengguna').fill('inspektur');
  await page.getByLabel('Kata sandi').fill('demo-tapak');
  await page.getByRole('button', { name: 'Masuk', exact: true }).click();
  await expect(page).toHaveURL(/\/projects\/new$/);
  await expect(title).toHaveValue('Rabat beton yang belum terkirim');
  await page.getByRole('button', { name: 'Buang draf' }).click();
  await expect(title).toHaveValue('');
  await page.reload();
  await expect(title).toHaveValue('');
});

test('a new project begun in one tab is not overwritten by another: one of them has it, and the other says so', async ({
  page: first,
  context
}) => {
  await signIn(first, 'inspektur');
  await first.goto('/projects/new');
  const title = (page: Page) => page.getByLabel('Judul kegiatan');
  await title(first).fill('Dari tab pertama');
  const second = await context.newPage();
  await second.goto('/projects/new');
  await expect(title(second)).toHaveValue('Dari tab pertama');
  await expect(first.getByText('sedang diisi di tab lain')).toBeVisible();
  await expect(first.locator('[inert]').getByLabel('Judul kegiatan')).toBeVisible();
  await title(second).fill('Dari tab kedua');
  await first.getByRole('button', { name: 'Lanjutkan di sini' }).click();
  await expect(title(first)).toHaveValue('Dari tab kedua');
  await expect(first.locator('[inert]')).toHaveCount(0);

  // Now the second tab is behind. Who wants another project throws the draft away there: the first keeps its own.
  await expect(second.getByText('sedang diisi di tab lain')).toBeVisible();
  await second.reload();
  await second.getByRole('button', { name: 'Buang draf' }).click();
  await expect(title(second)).toHaveValue('');
  await first.getByRole('button', { name: 'Lanjutkan di sini' }).click();
  await expect(title(first)).toHaveValue('Dari tab kedua');
  await first.getByRole('button', { name: 'Buang draf' }).click();
});

test('the reasons of a withdrawal, a merge and a correction and the text of a report survive a reload', async ({
  page
}) => {
  await signIn(page, 'inspektur');
  const list = await page.request.get('/api/v1/projects?status=running&limit=1');
  const [known] = ((await list.json()) as { items: Project[] }).items;
  if (!known) throw new Error('no project');
  await page.goto(`/projects/${known.id}`);
  const ask = page.getByRole('button', { name: 'Tarik', exact: false }).first();
  await ask.click();
  await page.getByRole('dialog').getByRole('textbox').fill('dibatalkan musyawarah desa');
  await page.reload();
  await ask.click();
  await expect(page.getByRole('dialog').getByRole('textbox')).toHaveValue(
    'dibatalkan musyawarah desa'
  );
  await page.getByRole('dialog').getByRole('button', { name: 'Buang draf' }).click();

  await page.goto(`/projects/${known.id}`);
  const merge = page.getByRole('button', { name: 'Gabung ke catatan lain' });
  const why = page.getByRole('dialog').getByRole('textbox', { name: 'Alasan' });
  await merge.click();
  await why.fill('tercatat dua kali');
  await page.reload();
  await merge.click();
  await expect(why).toHaveValue('tercatat dua kali');
  await page.getByRole('dialog').getByRole('button', { name: 'Buang draf' }).click();

  await page.goto(`/projects/${known.id}/correct`);
  const mended = page.getByLabel('Mengapa diperbaiki?');
  await mended.fill('salah ketik');
  await page.reload();
  await expect(mended).toHaveValue('salah ketik');
  await page.getByRole('button', { name: 'Buang draf' }).click();
  await expect(mended).toHaveValue('');

  await page.goto(`/projects/${known.id}/report`);
  const note = page.locator('[data-field="note"]');
  await note.fill('cor lantai selesai');
  await page.reload();
  await expect(note).toHaveValue('cor lantai selesai');
  await page.getByRole('button', { name: 'Buang draf' }).click();
  await expect(note).toHaveValue('');
});

test('a place far from its village is asked about, with the place without the slip', async ({
  page
}) => {
  await signIn(page, 'petugas');
  await page.goto('/projects/new');
  await page.getByText('Titik', { exact: true }).click();
  await page.getByLabel('Judul kegiatan').fill('Sumur bor yang jauh');
  const village = page.getByRole('combobox', { name: 'Desa atau kelurahan' });
  await expect(village).not.toHaveValue('');
  const session = await page.request.get('/api/v1/session');
  const { user } = (await session.json()) as {
    user: { posts: { region_code: string }[] };
  };
  const [post] = user.posts;
  const found = await page.request.get(`/api/v1/villages?q=${post?.region_code}&limit=1`);
  const [own] = ((await found.json()) as { items: { centre: [number, number] }[] }).items;
  const [lon, lat] = own?.centre ?? [0, 0];
  // One digit of the latitude: some eleven kilometres for a tenth, a hundred for a whole one.
  await page.getByLabel('Koordinat').fill(`${(lat + 1).toFixed(5)}, ${lon.toFixed(5)}`);
  const doubt = page.getByTestId('place-doubt');
  await expect(doubt).toBeVisible();
  await page.getByRole('button', { name: 'Daftarkan kegiatan' }).click();
  await expect(page.getByRole('alert')).toContainText('Lokasi jauh dari desanya');
  await doubt.getByRole('button', { name: /^Pakai / }).click();
  await expect(doubt).toBeHidden();
  // Who insists is taken at their word, for this place alone.
  await page.getByLabel('Koordinat').fill(`${(lat + 1).toFixed(5)}, ${lon.toFixed(5)}`);
  await doubt.getByRole('checkbox').check();
  await page.getByRole('button', { name: 'Daftarkan kegiatan' }).click();
  await expect(page.getByText('Kegiatan terdaftar.')).toBeVisible();
});
