/**
 * The map page: what its address asks for, what is loaded and in view, and what a person does with both. Drawing is left
 * to `MapStage`, the words to the components.
 */
import { untrack } from 'svelte';
import { MediaQuery } from 'svelte/reactivity';
import { goto, replaceState } from '$app/navigation';
import { resolve } from '$app/paths';
import { page } from '$app/state';
import { events } from '$lib/api/events';
import { session } from '$lib/session.svelte';
import { findingShape, projectShape, type FocusShape } from './focus';
import { boundsOf, type Bounds } from './geometry';
import { MapData } from './map-data.svelte';
import type MapStage from './MapStage.svelte';
import { inView } from './rows';
import type { Height } from './SidePanel.svelte';
import {
  changed,
  readState,
  type Filters,
  type MapState,
  type Selected,
  type View
} from './url-state';

/** pixels that the panel covers: beside the map, or under it on a phone */
const PANEL = 440;
const PEEK = 92;
const HALF = 0.48;
/** after the last movement of the map */
const SETTLE_MS = 300;

export class MapPage {
  readonly data = new MapData();
  private readonly wide = new MediaQuery('min-width: 1024px');
  stage = $state<MapStage>();
  /** of the page, pixels */
  pageHeight = $state(0);
  hovered = $state.raw<Selected | null>(null);
  /** several things under one click: the person chooses */
  choice = $state.raw<Selected[]>([]);
  /** footprint of what is selected but not among the loaded (a filter hides it) */
  strayShape = $state.raw<FocusShape | null>(null);
  height = $state<Height>('peek');
  tab = $state<'projects' | 'findings'>('findings');
  panelOpen = $state(true);
  private viewBounds = $state.raw<Bounds | null>(null);

  private readonly asked = $derived(readState(page.url.searchParams));
  private readonly year = $derived(this.asked.year);
  private readonly village = $derived(this.asked.village);
  private readonly status = $derived(this.asked.status);
  /** where the map looks first, if the address says so */
  readonly firstView: View | null;
  /** A link from another page names what is selected and no view: the map goes there once it can. */
  private isSought: boolean;
  private settling: ReturnType<typeof setTimeout> | undefined;

  readonly seesFindings = $derived(session.may('read_findings'));
  readonly filters: Filters = $derived({
    year: this.year,
    village: this.village,
    status: this.status
  });
  readonly isFiltered = $derived(Object.values(this.filters).some((one) => one !== null));
  readonly selected = $derived(this.asked.selected);
  readonly projects = $derived(inView(this.data.projects, this.viewBounds));
  readonly findings = $derived(inView(this.data.findings, this.viewBounds));
  readonly chosen = $derived({
    projects: this.choice.flatMap((one) => this.data.projectsById.get(one.id) ?? []),
    findings: this.choice.flatMap((one) => this.data.findingsById.get(one.id) ?? [])
  });
  readonly selectedShape = $derived(
    this.selected && (this.shapeOf(this.selected) ?? this.strayShape)
  );
  readonly hoveredShape = $derived(this.shapeOf(this.hovered));
  /** The server holds nothing that this caller sees, wherever the map looks. */
  readonly isEmpty = $derived(
    this.data.state === 'ready' &&
      this.data.projects.length === 0 &&
      !this.isFiltered &&
      !this.data.truncated
  );
  readonly isPanelBeside = $derived(this.wide.current && this.panelOpen);
  readonly isPanelAway = $derived(this.wide.current && !this.panelOpen);
  readonly covered = $derived(
    this.wide.current
      ? { right: this.panelOpen ? PANEL : 0, bottom: 0 }
      : {
          right: 0,
          bottom: this.height === 'peek' ? PEEK : Math.round(this.pageHeight * HALF)
        }
  );

  constructor() {
    const { selected, view } = this.asked;
    this.firstView = view;
    this.isSought = selected !== null && view === null;
    if (selected) this.height = 'half';
  }

  /** Loads what the address and the caller ask for, and goes where a link leads. To be called while a component is made. */
  watch(): void {
    // Who asks decides what is lit and what is told.
    $effect(() => {
      void session.user;
      untrack(() => void this.data.loadBoundaries());
    });
    $effect(() => void this.load());
    $effect(() =>
      events.listen((changes) => {
        if (changes.has('villages')) void this.data.loadBoundaries();
        const bounds = this.data.truncated ? this.viewBounds : null;
        if (changes.has('projects') || changes.has('findings')) {
          void this.data.refresh(this.filters, this.seesFindings, bounds);
        }
      })
    );
    // On a phone the next step stands in the sheet: low, nobody would see it.
    $effect(() => {
      if (this.isEmpty) this.height = 'half';
    });
    $effect(() => {
      const box = boxOf(this.selectedShape);
      if (!this.isSought || !box || !this.viewBounds) return;
      this.isSought = false;
      this.stage?.show(box);
    });
    $effect(() => () => clearTimeout(this.settling));
  }

  load(bounds: Bounds | null = null): Promise<void> {
    return this.data.load(this.filters, this.seesFindings, bounds);
  }

  filter(change: Partial<Filters>): void {
    const found = this.data.boundaries.find((one) => one.properties.id === change.village);
    const box = found && boundsOf([found.geometry]);
    if (box) this.stage?.show(box);
    void this.move(change);
  }

  select(one: Selected, fromMap = false): void {
    const box = boxOf(this.shapeOf(one));
    if (box) this.stage?.show(box, fromMap);
    this.hovered = null;
    this.openPanel();
    void this.move({ selected: one });
  }

  /** Takes what is under a click on the map. */
  pick(hits: Selected[]): void {
    const [only] = hits;
    const isOne = hits.length === 1;
    this.choice = isOne ? [] : hits;
    if (only && isOne) return this.select(only, true);
    if (only) this.openPanel();
    if (this.selected) void this.move({ selected: null });
  }

  /** One step back: from what is selected to the list, from the list to the map alone. */
  async stepBack(): Promise<void> {
    const { selected } = this;
    this.strayShape = null;
    if (selected) {
      await this.move({ selected: null });
      // Who came from a row by keyboard stands on it again.
      document.querySelector<HTMLElement>(`[data-row="${CSS.escape(selected.id)}"]`)?.focus();
    } else if (this.choice.length) this.choice = [];
    else this.closePanel();
  }

  openPanel(): void {
    this.panelOpen = true;
    if (this.height === 'peek') this.height = 'half';
  }

  closePanel(): void {
    if (this.wide.current) this.panelOpen = false;
    this.height = 'peek';
  }

  /** The map has moved: once it rests, the address says where it looks. */
  moved(view: View, bounds: Bounds): void {
    this.viewBounds = bounds;
    clearTimeout(this.settling);
    this.settling = setTimeout(() => {
      // eslint-disable-next-line svelte/no-navigation-without-resolve -- resolved there
      replaceState(this.addressOf({ view }), page.state);
      if (this.data.truncated) void this.load(bounds);
    }, SETTLE_MS);
  }

  /** Goes back to the view of the address. Not of `page.url`: it does not know of views that were written into it since. */
  returnToView(): void {
    const { view } = readState(queryNow());
    if (view) this.stage?.lookAt(view);
  }

  private move(change: Partial<MapState>): Promise<void> {
    // eslint-disable-next-line svelte/no-navigation-without-resolve -- resolved there
    return goto(this.addressOf(change), { keepFocus: true, noScroll: true });
  }

  private addressOf(change: Partial<MapState>) {
    return resolve(`/?${changed(queryNow(), change)}`);
  }

  private shapeOf(one: Selected | null): FocusShape | null {
    if (one?.kind === 'project') {
      const project = this.data.projectsById.get(one.id);
      return project ? projectShape(project) : null;
    }
    const finding = one && this.data.findingsById.get(one.id);
    if (!finding) return null;
    return findingShape(
      finding,
      (finding.members ?? []).flatMap((member) => this.data.projectsById.get(member) ?? [])
    );
  }
}

function queryNow(): URLSearchParams {
  return new URLSearchParams(location.search);
}

function boxOf(shape: FocusShape | null): Bounds | null {
  const asPoint = (coordinates: number[]) => ({ type: 'Point' as const, coordinates });
  return shape && boundsOf([...shape.geometries, ...shape.centres.map(asPoint)]);
}
