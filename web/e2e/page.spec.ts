import { expect, test } from '@playwright/test';

test('the page comes up with the map', async ({ page }) => {
  await page.goto('/');
  await expect(page).toHaveTitle(/Tapak/);
});
