/** Who is signed in, and what the server says about itself. Asked before the first page, and after signing in or out. */
import { get, post, put, remove } from '$lib/api/client';
import type { Action, DemoAccount, Session, User } from '$lib/api/types';

class CurrentSession {
  private value = $state.raw<Session | null>(null);
  private first: Promise<void> | undefined;
  /** the first answer came, or did not */
  state = $state<'loading' | 'ready' | 'away'>('loading');
  problem = $state.raw<unknown>(null);

  get user(): User | null {
    return this.value?.user ?? null;
  }
  get demo(): DemoAccount[] {
    return this.value?.demo ?? [];
  }
  get basemapStyle(): string | null {
    return this.value?.basemap_style ?? null;
  }
  get mapBounds(): [number, number, number, number] | null {
    return this.value?.map_bounds ?? null;
  }
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
      this.value = await get<Session>('/session');
      this.state = 'ready';
      this.problem = null;
    } catch (reason) {
      this.problem = reason;
      if (this.value === null) this.state = 'away';
    }
  }

  async signIn(login: string, password: string): Promise<void> {
    this.value = await post<Session>('/session', { login, password });
  }

  /** By a one-time code, with the password that is chosen for the times after. */
  async enter(code: string, password: string): Promise<void> {
    this.value = await put<Session>('/session/code', { code, password });
  }

  async signOut(): Promise<void> {
    await remove('/session');
    await this.load();
  }
}

export const session = new CurrentSession();
