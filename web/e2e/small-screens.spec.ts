/** The narrowest telephone: nothing lies beside the screen, on any page. */
import { expect, signIn, test } from './support';

test('no page scrolls sideways at 320 px', async ({ page }) => {
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
  const first = async (path: string) => {
    const answer = await page.request.get(`/api/v1${path}?limit=1`);
    return ((await answer.json()) as { items: { id: string }[] }).items[0]?.id;
  };
  const project = await first('/projects');
  const finding = await first('/findings');
  for (const path of [
    '/',
    '/projects',
    '/projects/new',
    `/projects/${project}`,
    `/projects/${project}/correct`,
    `/projects/${project}/report`,
    '/findings',
    `/findings/${finding}`,
    '/messages',
    '/admin'
  ]) {
    await look(path);
  }
  expect(wide).toEqual([]);
});
