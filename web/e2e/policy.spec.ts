/** The page keeps to its own policy: nothing on it is inline, and nothing comes from elsewhere. */
import { everyPage, expect, signIn, test } from './support';

declare global {
  interface Window {
    violations: string[];
  }
}

test('every page carries its policy and does not break it', async ({ page }) => {
  await page.addInitScript(() => {
    window.violations = [];
    document.addEventListener('securitypolicyviolation', (event) =>
      window.violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`)
    );
  });
  const told: string[] = [];
  const look = async (path: string) => {
    const answer = await page.goto(path);
    const policy = answer?.headers()['content-security-policy'] ?? '';
    expect(policy, path).toContain("default-src 'self'; script-src 'self' 'sha256-");
    expect(policy, path).not.toMatch(/unsafe-(inline|eval)/);
    await page.waitForLoadState('networkidle');
    const violations = await page.evaluate(() => window.violations);
    told.push(...violations.map((one) => `${path}: ${one}`));
  };
  for (const path of ['/', '/sign-in', '/tidak-ada']) await look(path);
  await signIn(page, 'admin');
  for (const path of [...(await everyPage(page.request)), '/account', '/admin/people']) {
    await look(path);
  }
  expect(told).toEqual([]);
});
