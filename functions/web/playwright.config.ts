// The pages in a real browser, over a running stack whose variables are in the environment (`make up` writes them down).
// A condition is waited for with a deadline; nothing waits for a fixed time.

import { defineConfig } from '@playwright/test';

const baseURL = process.env['BASE_URL'];
if (!baseURL) throw new Error('BASE_URL is not set: start the stack with `make up` and export the variables of its env file');

export default defineConfig({
  testDir: 'tests',
  outputDir: 'tests/results',
  reporter: [['list']],
  workers: 2,
  fullyParallel: false,
  forbidOnly: true,
  retries: 0,
  timeout: 180_000,
  expect: { timeout: 45_000 },
  use: {
    baseURL,
    locale: 'ru-RU',
    timezoneId: 'Asia/Almaty',
    viewport: { width: 1440, height: 900 },
    trace: 'off',
    launchOptions: {
      executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium',
      // No calls to the outside, and no sandbox of its own where tests run as root.
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
        '--disable-component-update', '--disable-sync'],
    },
  },
});
