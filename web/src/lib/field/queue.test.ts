import { describe, expect, test } from 'vitest';
import { Problem } from '$lib/api/problem';
import {
  isRefusedForGood,
  progressOf,
  sendAll,
  waiting,
  type Transport,
  type Upload
} from './queue';

const away = new Problem(0, { code: 'away' });
const refusal = (code: string, status = 422) => new Problem(status, { code });

/** Three photos of 100 bytes; `answers` per photo: what happens at each try. */
function scene(answers: Record<string, (Problem | null)[]>) {
  const uploads: Upload[] = Object.keys(answers).map((id) => waiting(id, 100));
  const calls: string[] = [];
  const pauses: number[] = [];
  const transport: Transport = async (id, onsent) => {
    calls.push(id);
    onsent(50);
    const answer = answers[id]?.shift() ?? null;
    if (answer) throw answer;
    onsent(100);
  };
  const send = () =>
    sendAll(uploads, transport, {
      change: (id, part) => Object.assign(uploads.find((one) => one.id === id) ?? {}, part),
      now: () => 1234,
      pause: async (ms) => void pauses.push(ms)
    });
  return { uploads, calls, pauses, send, states: () => uploads.map((one) => one.state) };
}

describe('photos on their way', () => {
  test('go one after the other, each with its receipt', async () => {
    const { uploads, calls, send } = scene({ a: [], b: [], c: [] });
    await send();
    expect(calls).toEqual(['a', 'b', 'c']);
    expect(uploads.every((one) => one.state === 'received' && one.received_at === 1234)).toBe(true);
    expect(progressOf(uploads)).toEqual({ received: 3, all: 3, sent: 300, bytes: 300 });
  });

  test('a line that breaks for a moment is tried again with growing pauses', async () => {
    const { calls, pauses, send, states } = scene({ a: [away, refusal('internal', 500), null] });
    await send();
    expect(calls).toEqual(['a', 'a', 'a']);
    expect(pauses).toEqual([1000, 4000]);
    expect(states()).toEqual(['received']);
  });

  test('a line that stays away ends it; what arrived is safe, the rest goes again with the same ids', async () => {
    const { calls, send, states } = scene({ a: [], b: [away, away, away], c: [] });
    await send();
    expect(states()).toEqual(['received', 'failed', 'failed']);
    expect(calls).toEqual(['a', 'b', 'b', 'b']);
    calls.length = 0;
    await send();
    expect(calls).toEqual(['b', 'c']);
    expect(states()).toEqual(['received', 'received', 'received']);
  });

  test('a refused photo does not hold up the others and is not tried again by itself', async () => {
    const { uploads, calls, pauses, send, states } = scene({ a: [refusal('not_an_image')], b: [] });
    await send();
    expect(calls).toEqual(['a', 'b']);
    expect(pauses).toEqual([]);
    expect(states()).toEqual(['failed', 'received']);
    expect(uploads.map(isRefusedForGood)).toEqual([true, false]);
  });

  test('progress counts what has left this device', () => {
    const half: Upload = { ...waiting('a', 200), state: 'sending', sent: 80 };
    const done: Upload = { ...waiting('b', 100), state: 'received' };
    expect(progressOf([half, done])).toEqual({ received: 1, all: 2, sent: 180, bytes: 300 });
  });
});
