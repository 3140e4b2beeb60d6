import { get } from '$lib/api/client';
import type { Finding } from '$lib/api/types';
import { OpenFinding } from '$lib/findings/open-finding.svelte';
import { allowed } from '$lib/guard';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ params, parent, fetch }) => {
  await allowed(parent, 'read_findings');
  const address = `/findings/${encodeURIComponent(params.id)}`;
  return { opened: new OpenFinding(await get<Finding>(address, {}, { fetch })) };
};
