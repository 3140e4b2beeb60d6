// Browser stories against a running server: TAPAK_E2E_URL says where it is (tools/e2e starts one).
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'e2e',
  fullyParallel: false,
  workers: 1,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [['list']],
  use: {
    baseURL: process.env.TAPAK_E2E_URL ?? 'http://127.0.0.1:8080',
    locale: 'id-ID',
    timezoneId: 'Asia/Jakarta',
    trace: { mode: 'retain-on-failure', screenshots: false },
    launchOptions: {
      executablePath: process.env.TAPAK_TEST_CHROMIUM ?? '/usr/bin/chromium',
      args: ['--no-sandbox', '--use-angle=swiftshader', '--enable-unsafe-swiftshader']
    }
  }
});
