/** What one person does is seen by another who looks on, without a hand. */
import { expect, signIn, test } from './support';

type Listed = { items: { id: string; title: string; row_version: number }[] };

test('a list follows what somebody else registers and corrects', async ({ page, playwright }) => {
  const baseURL = new URL(process.env['TAPAK_E2E_URL'] ?? '').origin;
  const other = await playwright.request.newContext({ baseURL });
  await other.post('/api/v1/session', { data: { login: 'admin', password: 'demo-tapak' } });
  const { items } = (await (await other.get('/api/v1/projects?limit=1')).json()) as Listed;
  const id = items[0]?.id ?? '';
  const work = (await (await other.get(`/api/v1/projects/${id}`)).json()) as Listed['items'][0];

  await signIn(page, 'inspektur');
  const listening = page.waitForResponse('**/api/v1/events');
  await page.goto('/projects');
  await listening;
  const title = `Jembatan Gantung Ikut ${Date.now()}`;
  await expect(page.getByText(title)).toHaveCount(0);
  const changed = await other.patch(`/api/v1/projects/${id}`, {
    data: { row_version: work.row_version, title }
  });
  expect(changed.ok(), await changed.text()).toBe(true);
  await expect(page.getByText(title).first()).toBeVisible();

  // The open work too.
  await page.goto(`/projects/${id}`);
  await expect(page.getByRole('heading', { name: title })).toBeVisible();
  const { row_version: version } = (await changed.json()) as { row_version: number };
  await other.patch(`/api/v1/projects/${id}`, {
    data: { row_version: version, title: work.title }
  });
  await expect(page.getByRole('heading', { name: title })).toHaveCount(0);
  await other.dispose();
});
