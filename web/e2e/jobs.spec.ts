/** What the server could not do is seen without asking, by who can mend it. */
import { createHash } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { expect, findPhoto, photoFile, signIn, test } from './support';

test('an administrator sees on any page that a job was given up, and tries it again', async ({
  page
}) => {
  await signIn(page, 'admin');
  await page.goto('/projects');
  const admin = page.getByRole('navigation', { name: 'Menu utama' }).getByRole('link', {
    name: /^Admin/
  });
  await expect(admin).toHaveAccessibleName('Admin');
  const { photo } = await findPhoto(page.request);
  const bytes = await (await page.request.get(`/api/v1/photos/${photo}/original`)).body();
  const hash = createHash('sha256').update(bytes).digest('hex');
  const original = photoFile('originals', hash);
  const thumb = async () => (await page.request.get(`/api/v1/photos/${photo}/thumb`)).status();
  await expect.poll(thumb).toBe(200);
  // A bit of the photo flips, and no small picture can be made of it any more.
  const flipped = Buffer.from(bytes);
  flipped.writeUInt8(flipped.readUInt8(1000) ^ 1, 1000);
  writeFileSync(original, flipped);
  rmSync(photoFile('derived', `${hash}-thumb.jpg`));
  expect(await thumb()).toBe(503);
  const failed = async () => {
    const session = await page.request.get('/api/v1/session');
    return ((await session.json()) as { failed_jobs: number }).failed_jobs;
  };
  await expect.poll(failed).toBe(1);

  await page.goto('/projects');
  await expect(admin).toHaveAccessibleName(/1 pekerjaan gagal$/);
  await admin.click();
  await expect(page.getByText('1 pekerjaan gagal dan menunggu Anda.')).toBeVisible();
  writeFileSync(original, bytes);
  await page.getByRole('button', { name: 'Coba lagi' }).click();
  await expect(page.getByText('Tidak ada pekerjaan yang gagal.')).toBeVisible();
  await expect(admin).toHaveAccessibleName('Admin');
  await expect.poll(thumb).toBe(200);
});
