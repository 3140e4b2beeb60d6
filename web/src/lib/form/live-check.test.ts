import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LiveCheck } from './live-check.svelte';

const draft = { id: 'a', title: 'Jalan' } as unknown as Parameters<LiveCheck['ask']>[0];
const answer = (status: number, body: unknown) => new Response(JSON.stringify(body), { status });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test('a check that came too soon is asked again by itself, and nothing is said of it', async () => {
  const fetched = vi
    .fn()
    .mockResolvedValueOnce(
      answer(429, { code: 'too_often', detail: 'Terlalu sering.', retry_after_s: 3 })
    )
    .mockResolvedValueOnce(answer(200, { candidates: [], place: null }));
  vi.stubGlobal('fetch', fetched);
  const check = new LiveCheck();
  check.ask(draft);
  await vi.advanceTimersByTimeAsync(500);
  expect(fetched).toHaveBeenCalledTimes(1);
  expect([check.asking, check.problem]).toEqual([true, null]);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(fetched).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(fetched).toHaveBeenCalledTimes(2);
  expect([check.asking, check.problem, check.result?.candidates]).toEqual([false, null, []]);
});

test('what is typed meanwhile takes the place of the check that waits', async () => {
  const fetched = vi
    .fn()
    .mockImplementation(() => Promise.resolve(answer(429, { retry_after_s: 3 })));
  vi.stubGlobal('fetch', fetched);
  const check = new LiveCheck();
  check.ask(draft);
  await vi.advanceTimersByTimeAsync(500);
  check.ask(null);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(fetched).toHaveBeenCalledTimes(1);
  expect(check.asking).toBe(false);
});
