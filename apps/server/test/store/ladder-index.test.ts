import { LADDER_STEPS_PROPERTY } from "@payi/core/wire";
import { expect, test } from "vitest";

import { ladderSavings } from "../../src/store/sql/ladder-savings.ts";
import { Connection } from "../../src/store/sqlite/connection.ts";
import { drive } from "../../src/store/sqlite/drive.ts";
import { migrate } from "../../src/store/sqlite/migrate.ts";

test("the report of a ladder reads the calls that it was taken for, not all of the period", () => {
  const connection = new Connection(":memory:", { readOnly: false });
  migrate(connection);
  const plans: string[] = [];
  const all = connection.all.bind(connection);
  connection.all = (sql, ...values) => {
    expect(sql).toContain(`"${LADDER_STEPS_PROPERTY}"`);
    plans.push(JSON.stringify(all(`EXPLAIN QUERY PLAN ${sql}`, ...values)));
    return all(sql, ...values);
  };
  const span = { application: "default", fromMs: 0, toMs: 1, filter: {} };
  expect(drive(connection, ladderSavings(span, "limit"))).toEqual([]);
  expect(plans).toEqual([
    expect.stringContaining("INDEX event_on_ladder (application=? AND time_ms>? AND time_ms<?)"),
  ]);
  connection.close();
});
