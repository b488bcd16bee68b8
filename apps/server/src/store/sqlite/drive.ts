import { SQLITE } from "../sql/dialect.ts";
import { type Program, type Result, type Step } from "../sql/program.ts";
import { type Connection } from "./connection.ts";

/** Runs a program to its end, each statement at once. An error of a statement goes to the program first. */
export function drive<Ended>(connection: Connection, program: Program<Ended>): Ended {
  let next = program.next();
  while (next.done !== true) {
    let result: Result;
    try {
      result = execute(connection, next.value);
    } catch (error) {
      next = program.throw(error);
      continue;
    }
    next = program.next(result);
  }
  return next.value;
}

const SAVEPOINT: Readonly<Record<"open" | "keep" | "undo", readonly string[]>> = {
  open: ["SAVEPOINT item"],
  keep: ["RELEASE item"],
  undo: ["ROLLBACK TO item", "RELEASE item"],
};

function execute(connection: Connection, step: Step): Result {
  switch (step.kind) {
    case "run":
    case "change":
      return connection.run(step.sql, ...step.values);
    case "get":
      return connection.get(step.sql, ...step.values);
    case "all":
      return connection.all(step.sql, ...step.values);
    case "many":
      connection.insert(step.insert, step.rows);
      return undefined;
    case "claim":
      return connection.claim(step.insert, step.rows);
    case "savepoint":
      for (const sql of SAVEPOINT[step.action]) connection.run(sql);
      return undefined;
    default:
      return SQLITE;
  }
}
