/** A correction in the making: what the form begins with, over the version of the project that is saved now. */
import { get } from '$lib/api/client';
import type { Project } from '$lib/api/types';
import { ofProject as footprintOf } from './footprint';
import { forget, kept, type Start } from './saved';
import { asDraft, changes, ofProject, rebased, type Draft } from './values';

export class Correction {
  /** of the draft that is kept in this browser */
  readonly name: string;
  project: Project = $state.raw() as Project;
  start: Start = $state.raw() as Start;
  restoredAt = $state<number | null>(null);
  /** what somebody else changed meanwhile too; null where nothing was laid over a newer version */
  overlap = $state.raw<(keyof Draft)[] | null>(null);
  /** what is saved now, as the form would send it */
  readonly base = $derived(draftOf(this.project));

  constructor(project: Project) {
    this.name = `correct.${project.id}`;
    const before = kept(this.name);
    if (before?.base) this.layOver(project, before, before.base);
    else this.begin(project);
    this.restoredAt = before?.at ?? null;
  }

  discard(): void {
    forget(this.name);
    this.restoredAt = null;
    this.begin(this.project);
  }

  /** Somebody else saved meanwhile: lays what the person has in the form, `mine`, on the newest version. */
  async rebase(mine: Start): Promise<void> {
    const from = this.base;
    this.layOver(await get<Project>(`/projects/${this.project.id}`), mine, from);
  }

  private begin(project: Project): void {
    this.project = project;
    this.overlap = null;
    this.start = {
      id: project.id,
      values: ofProject(project),
      footprint: footprintOf(project),
      reason: ''
    };
  }

  /** Lays what the person changed since `from` on this version. */
  private layOver(project: Project, mine: Start, from: Draft): void {
    const newest = draftOf(project);
    const {
      values,
      overlap: both,
      keepsFootprint
    } = rebased(
      from,
      { values: mine.values, draft: asDraft(mine.values, mine.footprint) },
      { values: ofProject(project), draft: newest }
    );
    const footprint = keepsFootprint ? mine.footprint : footprintOf(project);
    this.project = project;
    this.overlap = Object.keys(changes(from, newest)).length > 0 ? both : null;
    this.start = { id: project.id, values, footprint, reason: mine.reason };
  }
}

function draftOf(project: Project): Draft {
  return asDraft(ofProject(project), footprintOf(project));
}
