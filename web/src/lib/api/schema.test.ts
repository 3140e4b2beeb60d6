import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import * as prettier from 'prettier';
import { expect, test } from 'vitest';

const HERE = 'src/lib/api';

// The first half, that openapi.json is what the server says, is a test of the server.
test('the types of the API are those of openapi.json: else run `make bless`', async () => {
  const made = execFileSync('npx', ['openapi-typescript', `${HERE}/openapi.json`], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore']
  });
  const options = {
    ...(await prettier.resolveConfig(`${HERE}/schema.d.ts`)),
    parser: 'typescript'
  };
  expect(readFileSync(`${HERE}/schema.d.ts`, 'utf8')).toBe(await prettier.format(made, options));
}, 30_000);
