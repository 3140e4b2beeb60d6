/** The narrowest telephone: nothing lies beside the screen, on any page. */
import { type Page } from '@playwright/test';
import { v7 as newId } from 'uuid';
import { everyPage, expect, signIn, test } from './support';

/** Registers one work five times, far from all others; gives the finding that tells of them. */
async function fiveLikeWorks(page: Page): Promise<string> {
  const villages = await page.request.get('/api/v1/villages?limit=1&q=Sarongan');
  const village = ((await villages.json()) as { items: { id: string }[] }).items[0]?.id;
  for (let n = 0; n < 5; n += 1) {
    const at = [114.05, -8.55 + n * 1e-6];
    const answer = await page.request.post('/api/v1/projects', {
      data: {
        id: newId(),
        title: 'Sumur bor Dusun Percobaan Layar Sempit',
        village_id: village,
        fiscal_year: 2026,
        status: 'planned',
        funding: [{ fund: 'DD', amount_rupiah: 150_000_000 }],
        footprint: {
          how: 'map',
          parts: [{ accuracy_m: 5, geometry: { type: 'Point', coordinates: at } }]
        },
        confirm_place: true
      }
    });
    expect(answer.ok(), await answer.text()).toBe(true);
  }
  const found = async () => {
    const answer = await page.request.get('/api/v1/findings?state=open&kind=duplicate&limit=50');
    type Row = { id: string; members_total: number };
    const { items } = (await answer.json()) as { items: Row[] };
    return items.find((one) => one.members_total === 5)?.id ?? '';
  };
  await expect.poll(found).not.toBe('');
  return found();
}

test('no page scrolls sideways at 320 px', { tag: '@looks' }, async ({ page }) => {
  await page.setViewportSize({ width: 320, height: 640 });
  await page.goto('/sign-in');
  const pages = ['/', '/projects', '/sign-in'];
  const wide: string[] = [];
  const look = async (path: string) => {
    await page.goto(path);
    await page.waitForLoadState('networkidle');
    const beside = await page.evaluate(() => {
      const room = [document.scrollingElement, document.getElementById('content')];
      // A map cuts off what is too wide for it; a button must not be lost by that.
      const cut = [...document.querySelectorAll('form button')].some(
        (one) => one.getBoundingClientRect().right > window.innerWidth
      );
      return cut || room.some((one) => one !== null && one.scrollWidth > one.clientWidth);
    });
    if (beside) wide.push(path);
  };
  for (const path of pages) await look(path);
  await signIn(page, 'inspektur');
  const crowd = await fiveLikeWorks(page);
  for (const path of [...(await everyPage(page.request)), `/findings/${crowd}`]) await look(path);
  expect(wide).toEqual([]);
});
