import { createServer } from "node:http";

import { listen } from "../process/listen.ts";

/** @throws {Error} naming `variable` when something listens on the port already. */
export async function checkPort(port: number, variable: string): Promise<void> {
  const server = createServer();
  await listen(server, port, variable);
  await new Promise<void>((resolve) => server.close(() => resolve()));
}
