/**
 * Photos on their way to the server, one after the other: on a weak line each one that arrived is safe. A photo
 * keeps its id through every retry, so that sending it twice stores it once. Pure but for the sending itself,
 * which is handed in.
 */
import type { Problem } from '$lib/api/problem';

type UploadState = 'waiting' | 'sending' | 'received' | 'failed';

export type Upload = {
  readonly id: string;
  readonly bytes: number;
  state: UploadState;
  /** bytes that have left this device */
  sent: number;
  problem: Problem | null;
  /** when the receipt came, milliseconds since 1970 */
  received_at: number | null;
};

/** Sends the bytes of one photo; resolves with the receipt, rejects with a Problem. */
export type Transport = (id: string, onsent: (bytes: number) => void) => Promise<void>;
export type Change = (id: string, part: Partial<Omit<Upload, 'id' | 'bytes'>>) => void;

export type Options = {
  change: Change;
  now: () => number;
  /** waits before another try of its own accord */
  pause: (ms: number) => Promise<void>;
};

/** Tries of its own accord where no answer came; after that the person says when. */
const PAUSES_MS = [1_000, 4_000];

export function waiting(id: string, bytes: number): Upload {
  return { id, bytes, state: 'waiting', sent: 0, problem: null, received_at: null };
}

/** Sends what the server does not have yet. A refused photo does not hold up the others. */
export async function sendAll(
  uploads: readonly Upload[],
  transport: Transport,
  options: Options
): Promise<void> {
  // What is meant is the state at the beginning: `change` may replace or mutate the uploads meanwhile.
  const todo = uploads.filter((one) => one.state !== 'received').map((one) => one.id);
  for (const id of todo) options.change(id, { state: 'waiting', sent: 0, problem: null });
  for (const [i, id] of todo.entries()) {
    const answer = await sendOne(id, transport, options);
    if (answer === 'away') {
      // The line is gone: the rest would only wait as long again.
      for (const rest of todo.slice(i + 1)) options.change(rest, { state: 'failed' });
      return;
    }
  }
}

async function sendOne(
  id: string,
  transport: Transport,
  { change, now, pause }: Options
): Promise<'received' | 'refused' | 'away'> {
  for (let tries = 0; ; tries += 1) {
    change(id, { state: 'sending', sent: 0, problem: null });
    try {
      await transport(id, (sent) => change(id, { sent }));
      change(id, { state: 'received', received_at: now() });
      return 'received';
    } catch (reason) {
      const problem = reason as Problem;
      const wait = isPassing(problem) ? PAUSES_MS[tries] : undefined;
      if (wait === undefined) {
        change(id, { state: 'failed', sent: 0, problem });
        return problem.code === 'away' ? 'away' : 'refused';
      }
      await pause(wait);
    }
  }
}

/** Worth another try without anybody doing anything: no answer, or a server that is busy. */
export function isPassing(problem: Pick<Problem, 'code' | 'status'>): boolean {
  return problem.code === 'away' || problem.status === 429 || problem.status >= 500;
}

/** Refused for what it is: sending the same bytes again would change nothing. */
const FOR_GOOD = new Set([
  'not_an_image',
  'truncated_image',
  'too_many_pixels',
  'too_large',
  'other_bytes'
]);

export function isRefusedForGood(upload: Pick<Upload, 'problem'>): boolean {
  return upload.problem !== null && FOR_GOOD.has(upload.problem.code);
}

export type Progress = { received: number; all: number; sent: number; bytes: number };

export function progressOf(uploads: readonly Upload[]): Progress {
  const sum = (of: (one: Upload) => number) => uploads.reduce((total, one) => total + of(one), 0);
  return {
    received: uploads.filter((one) => one.state === 'received').length,
    all: uploads.length,
    sent: sum((one) => (one.state === 'received' ? one.bytes : Math.min(one.sent, one.bytes))),
    bytes: sum((one) => one.bytes)
  };
}
