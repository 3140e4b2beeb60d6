import { get } from '$lib/api/client';
import type { Project } from '$lib/api/types';
import { OpenProject } from '$lib/projects/open-project.svelte';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ params, parent, fetch }) => {
  await parent(); // who asks decides what is shown
  const address = `/projects/${encodeURIComponent(params.id)}`;
  return { opened: new OpenProject(await get<Project>(address, {}, { fetch })) };
};
