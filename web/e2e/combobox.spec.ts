/** Choosing a village or what is usual by typing: keyboard, pointer, narrow screens, both themes. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, signIn, test } from './support';

const village = (page: Page) => page.getByRole('combobox', { name: 'Desa atau kelurahan' });
const options = (page: Page) => page.getByRole('listbox').getByRole('option');

test('a village is chosen by keyboard alone, and Escape leaves what was chosen', async ({
  page
}) => {
  await signIn(page, 'inspektur');
  await page.goto('/projects/new');
  await village(page).focus();
  await page.keyboard.press('ArrowDown');
  await expect(village(page)).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.type('kali');
  await expect(options(page).first()).toContainText(/kali/i);
  const marked = page.locator('[role="option"][data-highlighted]');
  await expect(marked).toHaveCount(1);
  const first = await marked.getAttribute('id');
  await page.keyboard.press('ArrowDown');
  await expect(marked).not.toHaveAttribute('id', first ?? '');
  await expect(village(page)).toHaveAttribute(
    'aria-activedescendant',
    (await marked.getAttribute('id')) ?? ''
  );
  const name = (await marked.getAttribute('data-label')) ?? '';
  await page.keyboard.press('Enter');
  await expect(village(page)).toHaveValue(name);
  await expect(options(page)).toHaveCount(0);
  await page.keyboard.type('xyz');
  await expect(options(page)).toHaveCount(1);
  await expect(options(page)).toHaveText('Tidak ada yang cocok');
  await page.keyboard.press('Escape');
  await expect(village(page)).toHaveValue(name);
  await page.getByRole('button', { name: 'Kosongkan pilihan desa' }).click();
  await expect(village(page)).toHaveValue('');
});

test('what is usual is offered, and what is typed counts as it stands', async ({ page }) => {
  await signIn(page, 'inspektur');
  await page.goto('/projects/new');
  const fund = page.getByRole('combobox', { name: 'Sumber dana' });
  await fund.click();
  await expect(options(page).first()).toBeVisible();
  await fund.fill('D');
  await expect(options(page).first()).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(fund).toHaveValue('D');
  await expect(options(page)).toHaveCount(0);
  await page.keyboard.press('ArrowDown');
  await expect(options(page).first()).toBeVisible();
  // All of what is usual, not what was found for the "D".
  await expect(
    options(page)
      .filter({ hasText: /^[^d]+$/i })
      .first()
  ).toBeVisible();
  const usual = (await options(page).first().getAttribute('data-label')) ?? '';
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(fund).toHaveValue(usual);
});

for (const scheme of ['light', 'dark'] as const) {
  test(
    `at 320 px the list of villages is whole, on the map too, and passes axe (${scheme})`,
    { tag: '@looks' },
    async ({ page }) => {
      await page.setViewportSize({ width: 320, height: 640 });
      await page.emulateMedia({ colorScheme: scheme });
      await signIn(page, 'inspektur');
      for (const [path, name] of [
        ['/projects/new', 'Desa atau kelurahan'],
        ['/', 'Desa atau kelurahan']
      ] as const) {
        await page.goto(path);
        const field = page.getByRole('combobox', { name, exact: true });
        await field.click();
        await field.fill('kali');
        await expect(options(page).first()).toContainText(/kali/i);
        const box = await page.getByRole('listbox').boundingBox();
        expect(box?.x, path).toBeGreaterThanOrEqual(0);
        expect((box?.x ?? 0) + (box?.width ?? 999), path).toBeLessThanOrEqual(320);
        const axe = await new AxeBuilder({ page }).analyze();
        expect(axe.violations.map((one) => `${path}: ${one.id}`)).toEqual([]);
        const beside = await page.evaluate(
          () => (document.scrollingElement?.scrollWidth ?? 0) > window.innerWidth
        );
        expect(beside, path).toBe(false);
      }
    }
  );
}

test('who types before the villages are there finds theirs when they come', async ({ page }) => {
  let arrive = () => {};
  const held = new Promise<void>((resolve) => (arrive = resolve));
  await page.route('**/api/v1/villages/boundaries', async (route) => {
    await held;
    await route.continue();
  });
  await page.goto('/');
  const field = page.getByRole('combobox', { name: 'Desa atau kelurahan', exact: true });
  await field.click();
  await field.fill('kali');
  await expect(options(page).first()).toContainText('Tidak ada yang cocok');
  arrive();
  await expect(options(page).first()).toContainText(/kali/i);
});
