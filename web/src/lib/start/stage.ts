/** How far an installation is: what it lacks decides the next step. */
import { get, type Options } from '$lib/api/client';
import type { Page, ProjectSummary, Village } from '$lib/api/types';

/** `started`: this caller sees works. */
export type Stage = 'villages' | 'projects' | 'started';

/** What comes next; `started` where nothing does. */
export async function findStage(options: Options): Promise<Stage> {
  const [projects, villages] = await Promise.all([
    get<Page<ProjectSummary>>('/projects', { limit: 1 }, options),
    get<Page<Village>>('/villages', { limit: 1 }, options)
  ]);
  if (projects.items.length) return 'started';
  return villages.items.length ? 'projects' : 'villages';
}
