/** What the map shows: boundaries, projects page by page, findings; and how far the loading is. */
import {
  gatherFindings,
  place,
  type Boundary,
  type FindingFeature,
  type Placed,
  type PlacedFinding,
  type ProjectFeature
} from './features';
import { fetchBoundaries, fetchFindings, fetchProjectPage } from './load';
import type { Bounds } from './geometry';
import { sortFindings, sortProjects } from './rows';
import type { Filters } from './url-state';

/** So many are held; beyond, the map asks for what is in view only. */
export const MOST_PROJECTS = 20_000;

export class MapData {
  boundaries = $state.raw<Boundary[]>([]);
  projects = $state.raw<Placed[]>([]);
  findings = $state.raw<PlacedFinding[]>([]);
  state = $state<'loading' | 'ready' | 'failed'>('loading');
  boundariesReady = $state(false);
  /** there are more projects than are held: zooming in shows them */
  truncated = $state(false);
  /** even what is in view is more than is held */
  cutInView = $state(false);
  problem = $state.raw<unknown>(null);

  private current: AbortController | null = null;

  // Made anew with their list, never changed in place: plain maps do.
  /* eslint-disable svelte/prefer-svelte-reactivity */
  readonly projectsById = $derived(new Map(this.projects.map((one) => [one.id, one])));
  readonly findingsById = $derived(new Map(this.findings.map((one) => [one.id, one])));
  /* eslint-enable svelte/prefer-svelte-reactivity */

  async loadBoundaries(): Promise<void> {
    try {
      this.boundaries = lightAll(await fetchBoundaries());
    } catch (reason) {
      this.problem = reason;
    } finally {
      this.boundariesReady = true;
    }
  }

  /** Loads all that the filters let through, inside `bbox` where one is given. A newer call ends an older one. */
  load(filters: Filters, seesFindings: boolean, bbox: Bounds | null = null): Promise<void> {
    this.state = 'loading';
    return this.ask(filters, seesFindings, bbox);
  }

  /** The same without a word, where something may have changed; not while it is being loaded. */
  async refresh(filters: Filters, seesFindings: boolean, bbox: Bounds | null): Promise<void> {
    if (this.state === 'ready') await this.ask(filters, seesFindings, bbox);
  }

  private async ask(filters: Filters, seesFindings: boolean, bbox: Bounds | null): Promise<void> {
    this.current?.abort();
    const { signal } = (this.current = new AbortController());
    try {
      const findings = seesFindings ? fetchFindings(filters, bbox, signal) : Promise.resolve([]);
      // Awaited below; without this a refusal before that would be reported as unhandled.
      findings.catch(() => undefined);
      await this.loadProjects(filters, bbox, signal);
      const found: FindingFeature[] = await findings;
      if (signal.aborted) return;
      this.findings = sortFindings(gatherFindings(found));
      this.problem = null;
      this.state = 'ready';
    } catch (reason) {
      if (signal.aborted) return;
      this.problem = reason;
      this.state = 'failed';
    }
  }

  private async loadProjects(
    filters: Filters,
    bbox: Bounds | null,
    signal: AbortSignal
  ): Promise<void> {
    const all: Placed[] = [];
    let after: string | null = null;
    do {
      const page: { features: ProjectFeature[]; next: string | null } = await fetchProjectPage(
        filters,
        bbox,
        after,
        signal
      );
      if (signal.aborted) return;
      all.push(...page.features.map(place));
      // The first page is worth seeing at once; later ones come in together.
      if (after === null) this.projects = sortProjects(all);
      after = page.next;
    } while (after !== null && all.length < MOST_PROJECTS);
    this.projects = sortProjects(all);
    // Once too many, always by view: without this a zoomed-in view would look complete.
    if (bbox === null) this.truncated = after !== null;
    else this.cutInView = after !== null;
  }
}

/** Who has no region of their own looks at all of it: then nothing is dimmed. */
function lightAll(boundaries: Boundary[]): Boundary[] {
  if (boundaries.some((one) => one.properties.lit)) return boundaries;
  return boundaries.map((one) => ({ ...one, properties: { ...one.properties, lit: true } }));
}
