/**
 * What one person does is seen by another who looks on, without a hand: in lists, on the map and in its counts. How long that
 * takes is told, and asserted nowhere: docs/benchmarks.md has the figures.
 */
import { type APIRequestContext, type Page } from '@playwright/test';
import { v7 as newId } from 'uuid';
import { expect, signIn, test } from './support';

type Work = { id: string; title: string; row_version: number };
type Listed<Item> = { items: Item[] };

/** From the moment in which the change is sent until it is seen. */
async function follows(what: string, change: () => Promise<unknown>, seen: () => Promise<void>) {
  const start = performance.now();
  await change();
  await seen();
  console.log(`followed: ${what} after ${Math.round(performance.now() - start)} ms`);
}

async function open(page: Page, path: string): Promise<void> {
  const listening = page.waitForResponse('**/api/v1/events');
  await page.goto(path);
  await listening;
}

async function changed<T>(request: APIRequestContext, path: string, data: object): Promise<T> {
  const answer = await request.post(`/api/v1${path}`, { data });
  expect(answer.ok(), await answer.text()).toBe(true);
  return (await answer.json()) as T;
}

let other: APIRequestContext;

test.beforeEach(async ({ page, playwright }) => {
  const baseURL = new URL(process.env['TAPAK_E2E_URL'] ?? '').origin;
  other = await playwright.request.newContext({ baseURL });
  await other.post('/api/v1/session', { data: { login: 'admin', password: 'demo-tapak' } });
  await signIn(page, 'inspektur');
});

test.afterEach(() => other.dispose());

test('a list and an open work follow what somebody else corrects', async ({ page }) => {
  const { items } = (await (await other.get('/api/v1/projects?limit=1')).json()) as Listed<Work>;
  const id = items[0]?.id ?? '';
  const work = (await (await other.get(`/api/v1/projects/${id}`)).json()) as Work;
  const correct = async (version: number, title: string) => {
    const data = { row_version: version, title };
    const answer = await other.patch(`/api/v1/projects/${id}`, { data });
    expect(answer.ok(), await answer.text()).toBe(true);
    return ((await answer.json()) as Work).row_version;
  };
  const title = `Jembatan Gantung Ikut ${Date.now()}`;
  let version = work.row_version;

  await open(page, '/projects');
  await expect(page.getByText(title)).toHaveCount(0);
  await follows(
    'a list of works',
    async () => (version = await correct(version, title)),
    () => expect(page.getByText(title).first()).toBeVisible()
  );
  await open(page, `/projects/${id}`);
  const heading = page.getByRole('heading', { level: 1, name: title });
  await expect(heading).toBeVisible();
  await follows(
    'an open work',
    () => correct(version, work.title),
    () => expect(heading).toHaveCount(0)
  );
});

test('the map with its list and counts follows what somebody else registers and withdraws', async ({
  page
}) => {
  const villages = await other.get('/api/v1/villages?limit=1&q=Sarongan');
  const village = ((await villages.json()) as Listed<{ id: string }>).items[0]?.id;
  await open(page, '/');
  const tab = page.getByRole('tab', { name: /Kegiatan/ });
  await tab.click();
  await expect(
    page.getByRole('list', { name: 'Kegiatan' }).getByRole('button').first()
  ).toBeVisible();
  const before = (await tab.textContent())?.trim() ?? '';
  expect(before).toMatch(/[1-9]/);
  const draft = {
    id: newId(),
    title: `Menara Pandang Ikut Peta ${Date.now()}`,
    village_id: village,
    fiscal_year: 2026,
    status: 'planned',
    funding: [{ fund: 'DD', amount_rupiah: 75_000_000 }],
    footprint: {
      how: 'map',
      parts: [{ accuracy_m: 5, geometry: { type: 'Point', coordinates: [114.02, -8.53] } }]
    },
    confirm_place: true
  };
  let made: Work | undefined;
  await follows(
    'the map with its counts',
    async () => (made = await changed<Work>(other, '/projects', draft)),
    () => expect(tab).not.toHaveText(before)
  );
  await follows(
    'the same, withdrawn',
    () =>
      changed(other, `/projects/${draft.id}/withdraw`, {
        row_version: made?.row_version,
        reason: 'terdaftar untuk percobaan'
      }),
    () => expect(tab).toHaveText(before)
  );
});

test('the queue of findings follows what somebody else decides', async ({ page }) => {
  await open(page, '/findings');
  const first = page.locator('a[data-finding]').first();
  await expect(first).toBeVisible();
  const id = await first.getAttribute('data-finding');
  const row = page.locator(`a[data-finding="${id}"]`);
  const finding = (await (await other.get(`/api/v1/findings/${id}`)).json()) as Work;
  const decision = newId();
  await follows(
    'a queue of findings',
    () =>
      changed(other, `/findings/${id}/decision`, {
        id: decision,
        row_version: finding.row_version,
        decision: 'different_works',
        reason: 'Dua ruas yang berbeda.'
      }),
    () => expect(row).toHaveCount(0)
  );
  await follows(
    'the same, taken back',
    () => changed(other, `/findings/${id}/decision/undo`, { decision }),
    () => expect(row).toBeVisible()
  );
});
