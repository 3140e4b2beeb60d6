/** Who is signed in, and what the server says about itself. Asked before the first page, and after signing in or out. */
import { get, post, put, remove } from '$lib/api/client';
import { events } from '$lib/api/events';
import type { Action, DemoAccount, Session, User } from '$lib/api/types';

class CurrentSession {
  private value = $state.raw<Session | null>(null);
  private first: Promise<void> | undefined;
  /** the first answer came, or did not */
  state = $state<'loading' | 'ready' | 'away'>('loading');
  problem = $state.raw<unknown>(null);

  /** the same object as long as it is the same person with the same posts */
  readonly user: User | null = $derived(this.value?.user ?? null);
  get demo(): DemoAccount[] {
    return this.value?.demo ?? [];
  }
  get basemapStyle(): string | null {
    return this.value?.basemap_style ?? null;
  }
  readonly mapBounds: [number, number, number, number] | null = $derived(
    this.value?.map_bounds ?? null
  );
  get schematicBorders(): boolean {
    return this.value?.schematic_borders ?? false;
  }
  get openFindings(): number | null {
    return this.value?.open_findings ?? null;
  }
  /** jobs that were given up, for an administrator */
  get failedJobs(): number | null {
    return this.value?.failed_jobs ?? null;
  }
  get mailIsOutbox(): boolean {
    return this.value?.mail === 'outbox';
  }
  /** rights of this person wait until they set up a second factor */
  get secondFactorNeeded(): boolean {
    return this.user?.second_factor_needed ?? false;
  }
  get limits(): Session['limits'] | null {
    return this.value?.limits ?? null;
  }
  /** Whether this person may do it somewhere, as the server says; what they may do with one work or finding comes with that. */
  may(action: Action): boolean {
    return this.value?.may.includes(action) ?? false;
  }

  /** Asks once a visit: the `load` of the layout waits for it, and with it that of every page. */
  begin(): Promise<void> {
    return (this.first ??= this.load());
  }

  async load(): Promise<void> {
    try {
      this.value = kept(this.value, await get<Session>('/session'));
      this.state = 'ready';
      this.problem = null;
    } catch (reason) {
      this.problem = reason;
      if (this.value === null) this.state = 'away';
    }
  }

  /** `secondFactor`: a code of it, where the account has one. */
  async signIn(login: string, password: string, secondFactor?: string): Promise<void> {
    const body = { login, password, second_factor: secondFactor ?? null };
    this.value = await post<Session>('/session', body);
    events.restart();
  }

  /** By a one-time code, with the password that is chosen for the times after. */
  async enter(code: string, password: string, secondFactor?: string): Promise<void> {
    const body = { code, password, second_factor: secondFactor ?? null };
    this.value = await put<Session>('/session/code', body);
    events.restart();
  }

  async signOut(): Promise<void> {
    await remove('/session');
    events.restart();
    await this.load();
  }
}

/** A newer answer, with all that is as it was in the same objects: what depends on them is not done again. */
function kept(before: Session | null, now: Session): Session {
  if (before === null) return now;
  const isSame = (name: keyof Session) =>
    JSON.stringify(before[name]) === JSON.stringify(now[name]);
  const same = (Object.keys(now) as (keyof Session)[]).filter(isSame);
  return { ...now, ...Object.fromEntries(same.map((name) => [name, before[name]])) };
}

export const session = new CurrentSession();
