import { addDemo } from "../domain/demo.ts";
import { DEFAULT_APPLICATION } from "../domain/keys.ts";
import { openPrices } from "../domain/prices.ts";
import { describeDatabase } from "./database.ts";
import { runServer } from "./run-server.ts";
import { readSettings } from "./settings.ts";
import { untilStopped } from "./until-stopped.ts";

const DAYS = 14;

/** `payi dev`: the platform for people without a clone, with demo data where nothing has been recorded yet. */
export async function dev(): Promise<number> {
  const settings = readSettings(process.env);
  const stopped = untilStopped(settings);
  const server = await runServer(settings);
  const { store, apiKey, url } = server;
  process.stdout.write(
    `Dashboard  ${url}\nIngest key ${apiKey}\nData       ${describeDatabase(settings.database)}\n`,
  );
  const status = await store.status(DEFAULT_APPLICATION);
  if (status.events === 0) {
    const prices = await openPrices(store);
    const context = { store, prices, application: DEFAULT_APPLICATION, keepText: false };
    const adding = addDemo(context, { days: DAYS, seed: 1, nowMs: Date.now() }).then(({ events }) =>
      process.stdout.write(
        `Demo       ${events} made-up events of ${DAYS} days; the dashboard can remove them\n`,
      ),
    );
    await Promise.race([adding, stopped]);
    // Told to stop in the middle, the store closes under it, and the rest is not added.
    adding.catch(() => undefined);
  }
  await stopped;
  await server.close();
  return 0;
}
