/** A first installation of one's own: whoever opens it reads what the next step is, on every page that would be empty. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { startOwnServer, type OwnServer } from './own-server';
import { expect, test } from './support';

const PASSWORD = 'kata-sandi-uji-1';
let server: OwnServer;

test.beforeAll(async () => {
  // Without a second factor to be set up first: that is a story of its own.
  server = await startOwnServer({ TAPAK_SECOND_FACTOR: 'offered' });
});
test.afterAll(() => server.stop());

function addPerson(login: string, role: string, region?: string) {
  const place = region ? ['--region', region] : [];
  server.tapak(['user', 'add', login, '--name', login, '--role', role, ...place], `${PASSWORD}\n`);
}

async function signIn(page: Page, login: string) {
  await page.context().clearCookies();
  const answer = await page.request.post(`${server.url}/api/v1/session`, {
    data: { login, password: PASSWORD }
  });
  expect(answer.ok()).toBe(true);
}

/** Opens a page and gives its next step, which is there, is no count of nought, and passes axe. */
async function nextStep(page: Page, path: string) {
  await page.goto(server.url + path);
  const step = page.getByTestId('next-step').locator('[aria-current="step"]');
  await expect(step).toBeVisible();
  await expect(page.getByText(/\b0 (temuan|kegiatan|findings|projects)/)).toHaveCount(0);
  const axe = await new AxeBuilder({ page }).analyze();
  expect(axe.violations.map((one) => `${path}: ${one.id}`)).toEqual([]);
  return step;
}

test('without villages everybody reads how they come in', async ({ page }) => {
  addPerson('admin', 'administrator');
  const command = 'tapak import villages batas-desa.geojson';
  for (const path of ['/', '/projects']) {
    await expect(await nextStep(page, path)).toContainText(command);
    await expect(page.getByTestId('next-step')).toContainText('tapak user add');
    await expect(page.getByTestId('next-step').getByRole('link', { name: 'Masuk' })).toBeVisible();
  }
  await signIn(page, 'admin');
  for (const path of ['/', '/projects', '/findings', '/projects/new']) {
    await expect(await nextStep(page, path)).toContainText(command);
  }
});

test('with villages alone the map opens on them, and each reads their own next step', async ({
  page
}) => {
  server.tapak(['import', 'villages', '../sample-data/villages.geojson']);
  await expect
    .poll(async () => {
      const session = await (await page.request.get(`${server.url}/api/v1/session`)).json();
      return (session as { map_bounds: number[] | null }).map_bounds;
    })
    .not.toBeNull();
  addPerson('inspektur', 'inspector', '35.10');
  addPerson('petugas', 'officer', '35.10.01.2001');

  await page.context().clearCookies();
  let step = await nextStep(page, '/');
  await expect(step).toContainText('Petugas desa masuk');
  await expect(page.getByTestId('map')).toHaveAttribute('data-ready', 'true');
  // The villages of the sample lie around 114° E: not the whole country is in view.
  await expect(page).toHaveURL(/at=(9|1\d)/);

  await signIn(page, 'petugas');
  for (const path of ['/', '/projects', '/findings']) {
    step = await nextStep(page, path);
    await expect(step.getByRole('link', { name: 'Daftarkan kegiatan pertama' })).toBeVisible();
    await expect(step, 'no command for who has no server').not.toContainText('tapak import');
  }
  for (const [login, path] of [
    ['inspektur', '/findings'],
    ['admin', '/']
  ] as const) {
    await signIn(page, login);
    await expect(await nextStep(page, path)).toContainText('tapak import projects');
  }
  await page.goto(`${server.url}/`);
  await page.getByRole('link', { name: 'Daftarkan kegiatan pertama' }).click();
  await expect(page.getByLabel('Judul kegiatan')).toBeVisible();
});

test('the next step is seen on the narrowest telephone, in English too', async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await page.addInitScript(() => localStorage.setItem('tapak.language', 'en'));
  for (const path of ['/', '/projects']) {
    const step = await nextStep(page, path);
    await expect(step).toBeInViewport();
    const beside = await page.evaluate(
      () => (document.scrollingElement?.scrollWidth ?? 0) > window.innerWidth
    );
    expect(beside, path).toBe(false);
  }
});

test('a server that refuses to answer is no empty installation', async ({ page }) => {
  await signIn(page, 'inspektur');
  await page.route(/\/api\/v1\/(projects|map)/, (route) =>
    route.fulfill({ status: 429, json: { code: 'too_many_requests', status: 429, title: '-' } })
  );
  await page.goto(`${server.url}/`);
  await expect(page.getByText('Peta belum lengkap')).toBeVisible();
  await expect(page.getByTestId('next-step')).toHaveCount(0);
  await expect(page.getByText(/\b0 (temuan|kegiatan)/)).toHaveCount(0);
});
