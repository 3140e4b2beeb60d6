import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Changes } from './changes';
import { Events } from './events';

class FakeSource extends EventTarget {
  static all: FakeSource[] = [];
  readyState = 1;
  constructor() {
    super();
    FakeSource.all.push(this);
  }
  close() {
    this.readyState = 2;
  }
  say(kind: string, data: unknown) {
    this.dispatchEvent(Object.assign(new Event(kind), { data: JSON.stringify(data) }));
  }
}

class FakePage extends EventTarget {
  visibilityState: DocumentVisibilityState = 'visible';
  show(state: DocumentVisibilityState) {
    this.visibilityState = state;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

const told = (projects: string[]) => ({ changed: ['projects'], projects, findings: [] });

describe('changes', () => {
  it('are gathered, and no id means any', () => {
    const changes = new Changes();
    expect(changes.isEmpty).toBe(true);
    changes.add(told(['a']));
    changes.add(told(['b']));
    expect(['a', 'b', 'c'].map((id) => changes.has('projects', id))).toEqual([true, true, false]);
    expect(changes.has('findings')).toBe(false);
    changes.add(told([]));
    expect(changes.has('projects', 'c')).toBe(true);
    expect(Changes.everything().has('villages', 'x')).toBe(true);
  });
});

describe('the stream', () => {
  let page: FakePage;
  let events: Events;
  let heard: Changes[];
  let stop: () => void;
  const open = () => FakeSource.all.filter((source) => source.readyState === 1);

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('EventSource', FakeSource);
    (FakeSource as unknown as { CLOSED: number }).CLOSED = 2;
    FakeSource.all = [];
    page = new FakePage();
    events = new Events(
      () => new FakeSource() as unknown as EventSource,
      page as unknown as Document
    );
    heard = [];
    stop = events.listen((changes) => heard.push(changes));
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('is one for all who listen, and ends with the last of them', () => {
    const second = events.listen(() => {});
    expect(open()).toHaveLength(1);
    second();
    expect(open()).toHaveLength(1);
    stop();
    expect(open()).toHaveLength(0);
  });

  it('tells changes that come one upon another once', () => {
    open()[0]?.say('change', told(['a']));
    open()[0]?.say('change', told(['b']));
    expect(heard).toHaveLength(0);
    vi.runAllTimers();
    expect(heard).toHaveLength(1);
    expect(heard[0]?.has('projects', 'b')).toBe(true);
  });

  it('pauses while nobody sees the page, and then all may have changed', () => {
    page.show('hidden');
    expect(open()).toHaveLength(0);
    page.show('visible');
    expect(open()).toHaveLength(1);
    vi.runAllTimers();
    expect(heard[0]?.has('findings')).toBe(true);
  });

  it('comes again by itself after a refusal, without a word', () => {
    const [first] = open();
    first?.close();
    first?.dispatchEvent(new Event('error'));
    expect(open()).toHaveLength(0);
    vi.runAllTimers();
    expect(open()).toHaveLength(1);
    expect(heard[0]?.has('projects')).toBe(true);
  });

  it('begins anew for somebody else', () => {
    const [first] = open();
    events.restart();
    expect(open()).toHaveLength(1);
    expect(open()[0]).not.toBe(first);
  });
});
