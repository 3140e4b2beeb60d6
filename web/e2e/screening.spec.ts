/** After a change the page says that the findings are not those of now yet, and shows the new ones by itself. */
import { expect, signIn, test } from './support';

type Found = { items: { id: string; members: { id: string }[] }[] };

test('findings that are being looked for are announced, and come without a reload', async ({
  page
}) => {
  await signIn(page, 'inspektur');
  const queue = await page.request.get('/api/v1/findings?state=open&kind=duplicate&limit=1');
  const [finding] = ((await queue.json()) as Found).items;
  const project = finding?.members[0]?.id;
  if (!finding || !project) throw new Error('the sample data have findings');
  // As the server answers while the screening of a change waits for its turn.
  let isDone = false;
  let asked = 0;
  await page.route(`**/api/v1/projects/${project}`, async (route) => {
    const response = await route.fetch();
    const answer = (await response.json()) as { findings: unknown[]; screening_pending: boolean };
    asked += 1;
    const now = isDone ? answer : { ...answer, findings: [], screening_pending: true };
    await route.fulfill({ response, json: now });
  });
  const waiting = page.getByText('Sedang diperiksa ulang terhadap kegiatan lain');
  await page.goto(`/projects/${project}`);
  await expect(waiting).toBeVisible();
  await expect(page.locator(`a[href^="/findings/${finding.id}"]`)).toHaveCount(0);
  await expect.poll(() => asked, 'the page asks again by itself').toBeGreaterThan(2);
  await expect(waiting).toBeVisible();
  isDone = true;
  await expect(page.locator(`a[href^="/findings/${finding.id}"]`).first()).toBeVisible();
  await expect(waiting).toHaveCount(0);
});
