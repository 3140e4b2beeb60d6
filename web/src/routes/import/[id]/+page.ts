import { get } from '$lib/api/client';
import type { Upload } from '$lib/api/types';
import { allowed } from '$lib/guard';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ params, parent, fetch }) => {
  await allowed(parent, 'import_projects');
  return { upload: await get<Upload>(`/uploads/${params.id}`, {}, { fetch }) };
};
