/* oxlint-disable no-await-in-loop -- a program is one step after the other */
import { POSTGRES } from "../sql/dialect.ts";
import { type Program, type Result, type Step } from "../sql/program.ts";
import { type Session } from "./session.ts";

/** Runs a program to its end. An error of a statement goes to the program first. */
export async function drive<Ended>(session: Session, program: Program<Ended>): Promise<Ended> {
  let next = program.next();
  while (next.done !== true) {
    let result: Result;
    try {
      result = await execute(session, next.value);
    } catch (error) {
      next = program.throw(error);
      continue;
    }
    next = program.next(result);
  }
  return next.value;
}

async function execute(session: Session, step: Step): Promise<Result> {
  switch (step.kind) {
    case "run":
      session.send(step.sql, step.values);
      return undefined;
    case "change":
      return (await session.ask(step.sql, step.values)).rowCount ?? 0;
    case "get":
      return (await session.ask(step.sql, step.values)).rows[0];
    case "all":
      return (await session.ask(step.sql, step.values)).rows;
    case "many":
      await session.insert(step.insert, step.rows);
      return undefined;
    case "claim":
      return session.claim(step.insert, step.rows);
    case "savepoint":
      await turn(session, step.action);
      return undefined;
    default:
      return POSTGRES;
  }
}

async function turn(session: Session, action: "open" | "keep" | "undo"): Promise<void> {
  switch (action) {
    case "open":
      session.send("SAVEPOINT item");
      return;
    case "keep":
      session.send("RELEASE SAVEPOINT item");
      await session.settle();
      return;
    case "undo":
      session.forgive();
      session.send("ROLLBACK TO SAVEPOINT item");
      session.send("RELEASE SAVEPOINT item");
  }
}
