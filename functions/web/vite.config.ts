import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';
import { compression } from 'vite-plugin-compression2';

// The dashboard is served from the address that serves the API, so paths are the same in both.
const API = ['/api', '/webhook'];
const stack = process.env['BASE_URL'] ?? 'http://localhost:8080';

export default defineConfig({
  plugins: [react(), compression({ algorithms: ['gzip', 'brotliCompress'], include: /\.(html|js|css|svg)$/, threshold: 0 })],
  resolve: { alias: { '~': fileURLToPath(new URL('./site', import.meta.url)) } },
  build: {
    // No file becomes part of another as a data: address, which the content security policy would refuse.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: Object.fromEntries(API.map((path) => [path, { target: stack, changeOrigin: true }])) },
});
