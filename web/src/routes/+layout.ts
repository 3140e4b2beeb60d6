import { session } from '$lib/session.svelte';
import type { LayoutLoad } from './$types';

/** The page runs in the browser alone; the server sends one shell for every address. */
export const ssr = false;
export const prerender = false;
export const trailingSlash = 'never';

/** Who asks decides what is shown: every page waits for it (`await parent()`). */
export const load: LayoutLoad = () => session.begin();
