/** A photo whose original the server lost: staff see it, send it again, and it is the photo that it was. */
import { createHash } from 'node:crypto';
import { existsSync, renameSync } from 'node:fs';
import { expect, findPhoto, photoFile, signIn, test } from './support';

test('a photo that the server lost says so, and is whole again when it is sent again', async ({
  page
}) => {
  await signIn(page, 'admin');
  const { project, photo } = await findPhoto(page.request);
  const original = () => page.request.get(`/api/v1/photos/${photo}/original`);
  const bytes = await (await original()).body();
  const file = photoFile('originals', createHash('sha256').update(bytes).digest('hex'));
  renameSync(file, `${file}.away`);
  expect((await original()).ok(), 'what is lost is not served').toBe(false);

  await page.goto(`/projects/${project}`);
  const fault = page.getByTestId('photo-fault');
  await expect(fault).toContainText('Berkas asli foto ini hilang dari server.');
  const again = fault.getByLabel('Kirim lagi foto ini');
  // Another picture is not this photo, whoever sends it.
  const other = Buffer.concat([bytes, Buffer.from([0])]);
  await again.setInputFiles({ name: 'lain.jpg', mimeType: 'image/jpeg', buffer: other });
  await expect(fault.getByRole('alert')).toBeVisible();
  expect(existsSync(file)).toBe(false);
  await again.setInputFiles({ name: 'foto.jpg', mimeType: 'image/jpeg', buffer: bytes });
  await expect(fault).toHaveCount(0);
  expect(existsSync(file)).toBe(true);
  expect((await (await original()).body()).equals(bytes)).toBe(true);

  // Who only looks is not told of what the office must mend.
  renameSync(file, `${file}.gone`);
  expect((await original()).ok()).toBe(false);
  await page.request.delete('/api/v1/session');
  await page.goto(`/projects/${project}`);
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(fault).toHaveCount(0);
  renameSync(`${file}.gone`, file);
});
