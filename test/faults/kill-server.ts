/**
 * Kills the server again and again while clients send, on one engine: `node --conditions=@payi/source
 * test/faults/kill-server.ts sqlite|postgres [kills] [events] [together]`. `together` events share a request. Prints what was acknowledged and what of it is missing.
 */
import { openPostgresStore } from "../../apps/server/src/store/postgres/postgres-store.ts";
import { openSqliteStore } from "../../apps/server/src/store/sqlite/sqlite-store.ts";
import { compare, runKillRounds } from "../../apps/server/test/commands/kill-rounds.ts";
import { makeFolder } from "../../apps/server/test/commands/support.ts";
import { makeDatabase } from "../../apps/server/test/store/test-database.ts";

const [engine = "sqlite", kills = "50", events = "10000", together = "1"] = process.argv.slice(2);
await using folder = await makeFolder();
await using database = engine === "postgres" ? await makeDatabase() : undefined;
const environment: Record<string, string> = { PAYI_DATA_DIR: folder.path };
if (database !== undefined) environment["PAYI_DATABASE_URL"] = database.url;

const rounds = { environment, events: Number(events), kills: Number(kills), together: Number(together) };
const { acknowledged, perSecond } = await runKillRounds(rounds);
const store = await (database === undefined
  ? openSqliteStore(`${folder.path}/payi.sqlite`)
  : openPostgresStore(database.url));
const faults = await compare(store, acknowledged);
await store.close();
console.log(
  JSON.stringify({ engine, kills: Number(kills), acknowledged: acknowledged.size, perSecond, ...faults }),
);
process.exitCode = Object.values(faults).every((count) => count === 0) ? 0 : 1;
