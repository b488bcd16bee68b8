import { isLoopbackAddress } from "../http/loopback.ts";
import { describeDatabase } from "./database.ts";
import { runServer } from "./run-server.ts";
import { readSettings } from "./settings.ts";
import { untilStopped } from "./until-stopped.ts";

/** `payi serve`: the platform, until it is told to stop. */
export async function serve(): Promise<number> {
  const settings = readSettings(process.env);
  const stopped = untilStopped(settings);
  const server = await runServer(settings);
  process.stdout.write(`Payi listens on ${server.url}, data in ${describeDatabase(settings.database)}\n`);
  if (settings.apiKey === undefined) {
    process.stdout.write(
      `Development key: ${server.apiKey} (kept in ${settings.dataDirectory}/development-key)\n`,
    );
  }
  if (server.setUpPath !== undefined) {
    const { signIn, host } = settings;
    const address = signIn.publicUrl?.origin ?? server.url;
    const now = isLoopbackAddress(host) ? "The dashboard is open on this machine" : "The dashboard is closed";
    process.stdout.write(`${now} until somebody signs up as owner: ${address}${server.setUpPath}\n`);
  }
  await stopped;
  await server.close();
  return 0;
}
