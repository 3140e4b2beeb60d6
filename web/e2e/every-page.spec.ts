/** One walk over all pages: each keeps to its own policy, and has no barrier that a machine can find. */
import AxeBuilder from '@axe-core/playwright';
import { everyPage, expect, signIn, test } from './support';

declare global {
  interface Window {
    violations: string[];
  }
}

test(
  'every page carries its policy and does not break it, and has no barrier that a machine can find',
  {
    tag: '@looks'
  },
  async ({ page }) => {
    // Some sixteen pages with axe on each: more than a story on a machine that does other things too.
    test.slow();
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
      // Before axe, which works on the page.
      const violations = await page.evaluate(() => window.violations);
      told.push(...violations.map((one) => `${path}: ${one}`));
      const barriers = (await new AxeBuilder({ page }).analyze()).violations;
      told.push(
        ...barriers.map(
          ({ id, nodes }) => `${path}: ${id}: ${nodes.map((node) => node.html).join(' | ')}`
        )
      );
    };
    for (const path of ['/', '/sign-in', '/enter', '/forgotten', '/tidak-ada']) await look(path);
    await signIn(page, 'admin');
    for (const path of [
      ...(await everyPage(page.request)),
      '/account',
      '/admin/people',
      '/admin/posts',
      '/import'
    ]) {
      await look(path);
    }
    expect(told).toEqual([]);
  }
);
