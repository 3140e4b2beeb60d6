/** The page runs in the browser alone; the server sends one shell for every address. */
export const ssr = false;
export const prerender = false;
export const trailingSlash = 'never';
