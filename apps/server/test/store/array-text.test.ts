import { type Client } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";

import { arrayText } from "../../src/store/postgres/array-text.ts";
import { connect } from "../../src/store/postgres/connect.ts";
import { describePostgres } from "./support.ts";
import { type TestDatabase, makeDatabase } from "./test-database.ts";

describePostgres("a list as PostgreSQL reads it", () => {
  let database: TestDatabase;
  let client: Client;
  beforeAll(async () => {
    database = await makeDatabase();
    client = await connect(database.url);
  });
  afterAll(async () => {
    await client.end();
    await database.drop();
  });

  async function readBack(type: string, values: Parameters<typeof arrayText>[0]): Promise<unknown[]> {
    const sql = `SELECT value FROM unnest($1::${type}[]) WITH ORDINALITY AS list(value, place) ORDER BY place`;
    const { rows } = await client.query<{ value: unknown }>(sql, [arrayText(values)]);
    return rows.map((row) => row.value);
  }

  test("texts come back as they were, whatever stands in them", async () => {
    const texts = [
      "",
      "null",
      "NULL",
      " {a, b} ",
      String.raw`{"a":"say \"b\"\\n"}`,
      String.raw`\n \u0041`,
      "line\nand\ttab",
      "\u0001 \u007F \u2028 ü 漢 🎉",
    ];
    expect(await readBack("text", [...texts, null])).toEqual([...texts, null]);
    // Each alone too, since one that needs another way of writing takes the others with it.
    for (const text of texts) expect(await readBack("text", [text])).toEqual([text]);
  });

  test("what no text can hold becomes the sign for it", async () => {
    expect(await readBack("text", ["a\0b", "c\uD800d"])).toEqual(["a\uFFFDb", "c\uFFFDd"]);
  });

  test("whole numbers come back to the last digit", async () => {
    const amounts = [0, -1, 9007199254740991, 9223372036854775807n, null];
    expect(await readBack("bigint", amounts)).toEqual([0, -1, 9007199254740991, "9223372036854775807", null]);
  });

  test("bytes are left to the driver", () => {
    expect(arrayText([new Uint8Array([1])])).toBeUndefined();
  });
});
