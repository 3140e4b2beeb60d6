import { get } from '$lib/api/client';
import type { Page, Project, Report } from '$lib/api/types';
import { allowed } from '$lib/guard';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ params, parent, fetch, depends }) => {
  depends('tapak:report');
  await allowed(parent, 'report_progress');
  const address = `/projects/${encodeURIComponent(params.id)}`;
  const [project, reports] = await Promise.all([
    get<Project>(address, {}, { fetch }),
    // The newest comes first; without an answer the form works, and says nothing of it.
    get<Page<Report>>(`${address}/reports`, { limit: 1 }, { fetch }).catch(() => null)
  ]);
  return { project, reports: reports?.items ?? null };
};
