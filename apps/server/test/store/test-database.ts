import { randomUUID } from "node:crypto";
import { userInfo } from "node:os";

import { Client } from "pg";

const URL_OF_SERVER =
  process.env["PAYI_TEST_DATABASE_URL"] ?? `postgres://${userInfo().username}@127.0.0.1:5432/postgres`;

/** A database of its own, which goes with the test. */
export interface TestDatabase extends AsyncDisposable {
  readonly url: string;
  drop(): Promise<void>;
}

/** Whether PostgreSQL answers; says so aloud where it does not, since half of the suite is skipped then. */
export async function findPostgres(): Promise<boolean> {
  try {
    await withServer(async () => undefined);
    return true;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    process.stderr.write(
      `\nSKIPPED: no PostgreSQL at ${new URL(URL_OF_SERVER).host} (${reason}), so its half of the store's tests did not run. Start one, or set PAYI_TEST_DATABASE_URL.\n\n`,
    );
    return false;
  }
}

/** An empty database, or a copy of another one of ours, to which nobody may be connected then. */
export async function makeDatabase(from?: string): Promise<TestDatabase> {
  const name = `payi_test_${randomUUID().replaceAll("-", "")}`;
  const template = from === undefined ? "" : ` TEMPLATE ${new URL(from).pathname.slice(1)}`;
  await withServer((client) => client.query(`CREATE DATABASE ${name}${template}`));
  const url = new URL(URL_OF_SERVER);
  url.pathname = `/${name}`;
  const drop = async (): Promise<void> => {
    await withServer((client) => client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`));
  };
  return { url: url.href, drop, [Symbol.asyncDispose]: drop };
}

async function withServer(work: (client: Client) => Promise<unknown>): Promise<void> {
  const client = new Client({ connectionString: URL_OF_SERVER, connectionTimeoutMillis: 3000 });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
