import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/**
 * The build runs under `default-src 'none'`: nothing is inlined, so that every script, style and picture is a file
 * of the same origin. From core it takes types only, so no other package has to be built first.
 */
export default defineConfig({
  plugins: [react()],
  // The compiler options keep an import whose names are all types, and with it a package that is not built yet.
  oxc: { typescript: { onlyRemoveTypeImports: false } },
  build: { assetsInlineLimit: 0, modulePreload: { polyfill: false }, chunkSizeWarningLimit: 750 },
  server: { proxy: { "/api": process.env["PAYI_BASE_URL"] ?? "http://localhost:4470" } },
});
