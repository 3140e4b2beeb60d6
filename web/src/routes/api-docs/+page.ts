import type { Document } from '$lib/api-docs/document';
import { get } from '$lib/api/client';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ fetch }) => ({
  document: await get<Document>('/openapi.json', {}, { fetch })
});
