import { loadMapLibre } from '$lib/map/maplibre';
import type { PageLoad } from './$types';

export const load: PageLoad = async ({ parent }) => {
  // Beside the session's answer, not after it; the stage says it if this fails.
  loadMapLibre().catch(() => undefined);
  await parent();
};
