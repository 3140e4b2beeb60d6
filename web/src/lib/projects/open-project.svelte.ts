/** A project as it stands open on its page: as it is now, after what was done here and what the server found since. */
import { get } from '$lib/api/client';
import { events } from '$lib/api/events';
import { Listing } from '$lib/api/listing.svelte';
import type { Project, Report } from '$lib/api/types';

const MOST_PHOTO_LOOKS = 10;

export class OpenProject {
  project: Project = $state.raw() as Project;
  readonly reports: Listing<Report>;
  private looks = $state(0);
  private photoLooks = $state(0);

  constructor(project: Project) {
    this.project = project;
    this.reports = new Listing<Report>(`/projects/${project.id}/reports`, 20);
    void this.reports.load({});
  }

  /** Something was done here: the answer is newer than what is shown. */
  changed(next: Project): void {
    this.project = next;
    this.looks = 0;
  }

  /**
   * Shows what the server does after a change: its screening, which says when the findings are those of now, and the
   * photos that it prepares. To be called while a component is made.
   */
  watch(): void {
    $effect(() =>
      events.listen((changes) => {
        if (!changes.has('projects', this.project.id) && !changes.has('findings')) return;
        void this.look();
        void this.reports.refresh();
      })
    );
    $effect(() => {
      if (!this.project.screening_pending) return;
      const pause = Math.min(500 * 1.5 ** this.looks, 10_000);
      const timer = setTimeout(() => void this.look(), pause);
      return () => clearTimeout(timer);
    });
    // What was just sent is prepared within moments: looked for a few times, then left.
    $effect(() => {
      const waits = this.reports.items.some((report) =>
        report.photos.some((photo) => photo.received && !photo.thumb && photo.state !== 'failed')
      );
      if (!waits || this.photoLooks >= MOST_PHOTO_LOOKS) return;
      const timer = setTimeout(() => {
        this.photoLooks += 1;
        void this.reports.retry();
      }, 1_000);
      return () => clearTimeout(timer);
    });
  }

  private async look(): Promise<void> {
    try {
      const found = await get<Project>(`/projects/${this.project.id}`);
      // What was changed since, here, is newer.
      if (found.row_version >= this.project.row_version) this.project = found;
    } catch {
      // What is shown stays; the next look may find the server again.
    }
    this.looks += 1;
  }
}
