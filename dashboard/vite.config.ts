import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `npm run dev -w dashboard` finds a running Hookline. */
const API = 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [react()],
  resolve: { conditions: ['hookline-source', 'module', 'browser', 'development|production'] },
  // The server puts a new nonce in its place into every answer.
  html: { cspNonce: 'HOOKLINE_CSP_NONCE' },
  build: {
    outDir: '../dist/dashboard',
    emptyOutDir: true,
    target: 'es2022',
    // The policy allows no data: but for images.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // What is bundled is passed on: its licences ask for their text beside it.
    license: { fileName: 'licences.md' },
  },
  server: { proxy: { '/v1': API, '/.well-known': API } },
});
