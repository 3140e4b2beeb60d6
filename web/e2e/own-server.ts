/** A server of a story's own: an empty folder, the program's defaults but for these settings, and an end with the story. */
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type OwnServer = {
  url: string;
  /** the program on the command line, on this server's database */
  tapak: (args: string[], input?: string) => string;
  stop: () => Promise<void>;
};

const PROGRAM = process.env.TAPAK_E2E_BIN ?? 'tapak';

export async function startOwnServer(settings: Record<string, string> = {}): Promise<OwnServer> {
  const folder = mkdtempSync(join(tmpdir(), 'tapak-e2e-own-'));
  const address = `127.0.0.1:${await freePort()}`;
  const url = `http://${address}`;
  const env = {
    PATH: process.env.PATH,
    TAPAK_DATA: folder,
    TAPAK_DATABASE: `sqlite:${join(folder, 'tapak.db')}`,
    TAPAK_LISTEN: address,
    TAPAK_BASE_URL: url,
    ...settings
  };
  const server = spawn(PROGRAM, ['serve'], { env, stdio: 'ignore' });
  const ended = new Promise<void>((end) => server.once('exit', () => end()));
  while (!(await answers(url))) {
    if (server.exitCode !== null) throw new Error('the server did not come up');
    await new Promise((go) => setTimeout(go, 100));
  }
  return {
    url,
    tapak: (args, input) => execFileSync(PROGRAM, args, { env, input, encoding: 'utf8' }),
    stop: async () => {
      server.kill();
      await ended;
      rmSync(folder, { recursive: true });
    }
  };
}

function answers(url: string): Promise<boolean> {
  return fetch(`${url}/healthz`).then(
    (answer) => answer.ok,
    () => false
  );
}

function freePort(): Promise<number> {
  return new Promise((found) => {
    const listener = createServer().listen(0, '127.0.0.1', () => {
      const { port } = listener.address() as AddressInfo;
      listener.close(() => found(port));
    });
  });
}
