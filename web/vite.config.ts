import { sveltekit } from '@sveltejs/kit/vite';
import { defineConfig } from 'vitest/config';

const server = process.env.TAPAK_DEV_SERVER ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [sveltekit()],
  // `npm run dev` beside a running server; changeOrigin keeps its same-origin check content.
  server: {
    proxy: {
      '/api': {
        target: server,
        changeOrigin: true,
        configure: (proxy) =>
          proxy.on('proxyReq', (request) => {
            if (request.getHeader('origin')) request.setHeader('origin', server);
          })
      }
    }
  },
  // The map library is one large chunk, loaded when the first map is shown.
  build: { chunkSizeWarningLimit: 1500 },
  test: { include: ['src/**/*.test.ts'] }
});
