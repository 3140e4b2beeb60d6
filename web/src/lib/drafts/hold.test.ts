import { beforeEach, expect, test, vi } from 'vitest';
import { Hold } from './hold.svelte';

vi.mock('$lib/session.svelte', () => ({ session: { user: { id: 'ani' } } }));

const KEY = 'tapak.draft.4.ani.form.new.tab';
const kept = new Map<string, string>();

beforeEach(() => {
  kept.clear();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, text: string) => void kept.set(key, text),
    removeItem: (key: string) => void kept.delete(key)
  });
});

test('the tab that opened a draft last has it, and the first hears of that', () => {
  const first = new Hold('form.new');
  expect(first.isOurs()).toBe(true);
  const second = new Hold('form.new');
  first.hear({ key: 'tapak.draft.4.ani.form.new' });
  expect(first.isElsewhere, 'of the draft itself').toBe(false);
  first.hear({ key: KEY });
  expect([first.isElsewhere, second.isOurs()]).toEqual([true, true]);
});

test('a tab that slept meanwhile sends nothing', () => {
  const first = new Hold('form.new');
  new Hold('form.new');
  expect(first.isOurs()).toBe(false);
});

test('what another tab filled in and sent does not give the draft back to who shows an older one', () => {
  const first = new Hold('form.new');
  const second = new Hold('form.new');
  first.hear({ key: KEY });
  second.release();
  expect(kept.size).toBe(0);
  first.hear({ key: KEY });
  expect(first.isOurs()).toBe(false);
});

test('a hold of one subject is no matter of another', () => {
  const report = new Hold('report.1');
  new Hold('report.2');
  expect(report.isOurs()).toBe(true);
});

test('where the browser keeps nothing every tab has its own', () => {
  const refuse = () => {
    throw new Error('forbidden');
  };
  vi.stubGlobal('localStorage', { getItem: refuse, setItem: refuse, removeItem: refuse });
  const first = new Hold('form.new');
  new Hold('form.new');
  expect(first.isOurs()).toBe(true);
  first.release();
});
