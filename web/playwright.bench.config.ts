// What the first visit costs, printed: `make bench` runs it through tools/e2e.
import base from './playwright.config';

export default { ...base, testMatch: '*.bench.ts', reporter: [['line']] };
