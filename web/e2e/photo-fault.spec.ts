/** A photo whose original the server lost: staff see it, send it again, and it is the photo that it was. */
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import type { APIRequestContext } from '@playwright/test';
import { expect, signIn, test } from './support';

type Listed<Item> = { items: Item[] };

/** A project of the sample data with a photo. */
async function findPhoto(request: APIRequestContext): Promise<{ project: string; photo: string }> {
  const list = await request.get('/api/v1/projects?limit=200');
  for (const project of ((await list.json()) as Listed<{ id: string }>).items) {
    const answer = await request.get(`/api/v1/projects/${project.id}/reports`);
    const { items } = (await answer.json()) as Listed<{ photos: { id: string }[] }>;
    const photo = items.flatMap((report) => report.photos)[0];
    if (photo) return { project: project.id, photo: photo.id };
  }
  throw new Error('the sample data have photos');
}

function fileWithHash(hash: string): string {
  const folder = join(process.env.TAPAK_DATA ?? '', 'photos', 'originals');
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((name) =>
    name.includes(hash)
  );
  if (!found) throw new Error(`no file ${hash} in ${folder}`);
  return join(folder, found);
}

test('a photo that the server lost says so, and is whole again when it is sent again', async ({
  page
}) => {
  await signIn(page, 'admin');
  const { project, photo } = await findPhoto(page.request);
  const original = () => page.request.get(`/api/v1/photos/${photo}/original`);
  const bytes = await (await original()).body();
  const file = fileWithHash(createHash('sha256').update(bytes).digest('hex'));
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
