/**
 * Function calls of a chat stream, which arrive in parts. Invariant: two calls never become one. A part is of the call that is
 * open at its choice and index; where a host leaves the index out, or has 0 for all, a new id or a name tells the next one.
 */
import { type FunctionCall } from "../wire/ingest.ts";
import { type Json, child, text } from "./read.ts";

/** Arguments are recorded for analysis only; a runaway one must not grow without bound. */
const MAX_ARGUMENTS = 65_536;

interface Collected {
  id: string | undefined;
  name: string;
  arguments: string;
}

export class StreamedCalls {
  readonly #calls: Collected[] = [];
  readonly #open = new Map<string, Collected>();

  /** Takes one part in, of the choice that it belongs to; answers with the words in it: what the model wrote. */
  take(choice: unknown, part: Json): readonly string[] {
    const custom = child(part, "custom");
    const called = Object.keys(custom).length > 0 ? custom : child(part, "function");
    const name = text(called, "name") ?? "";
    const more = text(called, "arguments") ?? text(called, "input") ?? "";
    const id = text(part, "id");
    const key = `${String(choice)}:${typeof part["index"] === "number" ? part["index"] : 0}`;
    let call = this.#open.get(key);
    if (call === undefined || isNext(call, id, name, part["index"])) {
      call = { id, name: "", arguments: "" };
      this.#calls.push(call);
      this.#open.set(key, call);
    }
    call.id ??= id;
    // Some hosts repeat the name in every part.
    if (name !== call.name) call.name += name;
    if (call.arguments.length < MAX_ARGUMENTS) call.arguments += more;
    return [name, more];
  }

  all(): readonly FunctionCall[] {
    return this.#calls
      .filter(({ name }) => name !== "")
      .map((call) => ({ name: call.name, arguments: call.arguments }));
  }
}

function isNext(open: Collected, id: string | undefined, name: string, index: unknown): boolean {
  if (id !== undefined && open.id !== undefined && id !== open.id) return true;
  if (name === "") return false;
  const sameId = id !== undefined && id === open.id;
  if (name === open.name) return typeof index !== "number" && !sameId;
  // Before any arguments a further name may be the rest of the first one.
  return typeof index !== "number" || open.arguments !== "";
}
