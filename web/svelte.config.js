import adapter from '@sveltejs/adapter-static';
import { vitePreprocess } from '@sveltejs/vite-plugin-svelte';

/** @type {import('@sveltejs/kit').Config} */
export default {
  preprocess: vitePreprocess(),
  kit: {
    // One shell for every address; the server hashes its inline scripts for the Content-Security-Policy.
    adapter: adapter({ fallback: 'index.html' })
  }
};
