/** What has changed on the server, gathered: kinds of things, and which of them where that is known. */
export type Kind = 'projects' | 'findings' | 'villages';
export const KINDS: Kind[] = ['projects', 'findings', 'villages'];

/** as the server tells it: no id of a kind that changed means any of them */
export type Told = { changed: string[]; projects: string[]; findings: string[] };

export class Changes {
  private readonly known = new Map<Kind, Set<string> | 'any'>();

  /** Everything may have changed: the server was not heard for a while. */
  static everything(): Changes {
    const all = new Changes();
    for (const kind of KINDS) all.known.set(kind, 'any');
    return all;
  }

  get isEmpty(): boolean {
    return this.known.size === 0;
  }

  add(told: Told): void {
    for (const kind of KINDS) {
      if (!told.changed.includes(kind)) continue;
      const ids = kind === 'villages' ? [] : told[kind];
      const before = this.known.get(kind);
      const isAny = ids.length === 0 || before === 'any';
      this.known.set(kind, isAny ? 'any' : new Set([...(before ?? []), ...ids]));
    }
  }

  /** Whether anything of this kind may have changed, or this one of them. */
  has(kind: Kind, id?: string): boolean {
    const changed = this.known.get(kind);
    if (changed === undefined) return false;
    return id === undefined || changed === 'any' || changed.has(id);
  }
}
