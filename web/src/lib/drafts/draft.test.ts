import { beforeEach, expect, test, vi } from 'vitest';
import { Draft } from './draft.svelte';
import { keepDraft, keptDraft } from './kept';

const person = vi.hoisted(() => ({ id: 'ani' }));
vi.mock('$lib/session.svelte', () => ({ session: { user: person } }));

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => void kept.set(key, text),
    removeItem: (key: string) => void kept.delete(key)
  });
  person.id = 'ani';
});

test('a reason is there again after leaving, and says from when', () => {
  const first = new Draft('withdraw.1', '');
  first.value = 'dibatalkan musdes';
  first.keep();
  const again = new Draft('withdraw.1', '');
  expect(again.value).toBe('dibatalkan musdes');
  expect(again.restoredAt).not.toBeNull();
});

test('nobody finds the draft of another person or of another subject', () => {
  const mine = new Draft('withdraw.1', '');
  mine.value = 'rahasia';
  mine.keep();
  expect(new Draft('withdraw.2', '').value).toBe('');
  person.id = 'budi';
  expect(new Draft('withdraw.1', '').value).toBe('');
});

test('what another tab typed, sent or threw away is the same here', () => {
  const here = new Draft('x', '');
  const there = new Draft('x', '');
  const heard = { key: 'tapak.draft.4.ani.x' };
  there.value = 'ditulis di sana';
  there.keep();
  here.hear({ key: 'tapak.draft.4.ani.y' });
  expect(here.value, 'of another subject').toBe('');
  here.hear(heard);
  expect([here.value, here.restoredAt === null]).toEqual(['ditulis di sana', false]);
  there.sent();
  here.hear(heard);
  expect([here.value, here.restoredAt]).toEqual(['', null]);
});

test('what was sent, thrown away or emptied does not come back', () => {
  for (const end of ['sent', 'discard', 'empty'] as const) {
    const one = new Draft('x', '');
    one.value = 'ditulis';
    one.keep();
    if (end === 'empty') {
      one.value = '';
      one.keep();
    } else one[end]();
    expect([one.value, one.restoredAt]).toEqual(['', null]);
    expect(keptDraft('x')).toBeNull();
  }
});

test('a draft is forgotten after a month, and what cannot be read is no draft', () => {
  keepDraft('old', 'lama', Date.UTC(2026, 0, 1));
  expect(keptDraft('old', Date.UTC(2026, 0, 30))).not.toBeNull();
  expect(keptDraft('old', Date.UTC(2026, 1, 15))).toBeNull();
  localStorage.setItem('tapak.draft.4.ani.torn', '{"value":');
  expect(keptDraft('torn')).toBeNull();
});

test('a form works where the browser keeps nothing', () => {
  vi.stubGlobal('localStorage', {
    getItem: () => {
      throw new Error('forbidden');
    },
    setItem: () => {
      throw new Error('full');
    },
    removeItem: () => {
      throw new Error('forbidden');
    }
  });
  const one = new Draft('x', '');
  one.value = 'ditulis';
  one.keep();
  expect([one.value, one.isRefused]).toEqual(['ditulis', true]);
  one.sent();
  expect(one.value).toBe('');
});
