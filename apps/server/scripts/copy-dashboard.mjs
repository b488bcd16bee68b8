/** Puts the built dashboard into the server's own `dist`, so that one package has everything it serves. */
import { cpSync, existsSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const built = dirname(fileURLToPath(import.meta.resolve("@payi/dashboard/index.html")));
const target = fileURLToPath(new URL("../dist/dashboard", import.meta.url));
if (!existsSync(`${built}/index.html`)) {
  throw new Error(`The dashboard has no build at ${built}. Build it first: npx -y pnpm@12 build.`);
}
rmSync(target, { recursive: true, force: true });
cpSync(built, target, { recursive: true });
