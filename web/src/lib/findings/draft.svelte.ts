/**
 * What somebody types about a finding, kept in this browser until it is sent: it survives a reload, leaving, signing in
 * again, and is the same in every tab. For this person alone: the next one at this device does not see it.
 */
const KEY = 'tapak.finding.1.';

export class Draft<T extends Record<string, string>> {
  values = $state() as T;
  /** something was found that was typed before */
  restored = $state(false);
  private readonly key: string;
  private readonly empty: T;
  private written: string | null;

  constructor(person: string, finding: string, part: 'decision' | 'comment', empty: T) {
    this.key = `${KEY}${person}.${finding}.${part}`;
    this.empty = empty;
    this.written = read(this.key);
    const kept = parse(this.written, empty);
    this.values = kept ?? { ...empty };
    this.restored = kept !== null;
  }

  /** Writes down what is there now. */
  keep(): void {
    const isEmpty = Object.entries(this.empty).every(
      ([name, value]) => this.values[name] === value
    );
    const text = isEmpty ? null : JSON.stringify(this.values);
    if (text === this.written) return;
    this.written = text;
    write(this.key, text);
  }

  /** Another tab typed, sent, or threw away. */
  hear({ key, newValue }: Pick<StorageEvent, 'key' | 'newValue'>): void {
    if (key !== this.key || newValue === this.written) return;
    this.written = newValue;
    this.values = parse(newValue, this.empty) ?? { ...this.empty };
    this.restored = newValue !== null;
  }

  /** It was sent, or is not wanted any more. */
  clear(): void {
    this.values = { ...this.empty };
    this.restored = false;
    this.written = null;
    write(this.key, null);
  }
}

function parse<T extends Record<string, string>>(text: string | null, empty: T): T | null {
  if (text === null) return null;
  try {
    const kept = JSON.parse(text) as Record<string, unknown>;
    const told = Object.keys(empty).filter((name) => typeof kept[name] === 'string');
    return { ...empty, ...Object.fromEntries(told.map((name) => [name, kept[name]])) };
  } catch {
    return null;
  }
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, text: string | null): void {
  try {
    if (text === null) localStorage.removeItem(key);
    else localStorage.setItem(key, text);
  } catch {
    // Full or forbidden: the form works, only a reload would lose it.
  }
}
