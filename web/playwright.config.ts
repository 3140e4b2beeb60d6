// Browser stories against a running server: TAPAK_E2E_URL says where it is (tools/e2e starts one).
import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'e2e',
  fullyParallel: false,
  workers: 1,
  // Four runs share two processors in `make test`, perhaps with more: a story that is slow is not wrong.
  timeout: 180_000,
  expect: { timeout: 30_000 },
  reporter: [['list']],
  use: {
    baseURL: process.env.TAPAK_E2E_URL ?? 'http://127.0.0.1:8080',
    locale: 'id-ID',
    timezoneId: 'Asia/Jakarta',
    // Without pictures of the page at each step, a fifth of all work: `tools/e2e sqlite FILE --trace on` takes them.
    trace: { mode: 'retain-on-failure', screenshots: false, snapshots: false },
    launchOptions: {
      executablePath: process.env.TAPAK_TEST_CHROMIUM ?? '/usr/bin/chromium',
      // There is no graphics card: the map is drawn by SwiftShader, all else without the detour over it.
      args: [
        '--no-sandbox',
        '--use-angle=swiftshader',
        '--enable-unsafe-swiftshader',
        '--disable-gpu-compositing'
      ]
    }
  }
});
