import { get } from '$lib/api/client';
import type { Project } from '$lib/api/types';
import { Correction } from '$lib/form/correction.svelte';
import { allowed } from '$lib/guard';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ params, parent, fetch }) => {
  await allowed(parent, 'correct_project');
  const address = `/projects/${encodeURIComponent(params.id)}`;
  return { correction: new Correction(await get<Project>(address, {}, { fetch })) };
};
