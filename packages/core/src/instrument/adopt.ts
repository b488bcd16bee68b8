/** Clients that captured their fetch before instrumentation, or were given one of their own. They report nothing. */
import { ConfigurationError } from "../errors.ts";
import { rejectUnknown, show } from "../option-readers.ts";
import { wrapFetch } from "./fetch.ts";
import { type Fetch, isWrapped } from "./original-fetch.ts";

/** A provider's client class: `OpenAI`, `Anthropic`, or one derived from them. */
// oxlint-disable-next-line typescript/no-explicit-any -- the class's own parameters are of no concern here
export type ProviderClass = abstract new (...args: any[]) => object;

/** Provider classes whose clients are metered wherever and whenever they were made. */
export interface ProviderModules {
  readonly OpenAI?: ProviderClass | undefined;
  readonly Anthropic?: ProviderClass | undefined;
}

/**
 * Meters a client that was made before `payiInstrument()` or with a fetch of its own, and returns the same client.
 * It swaps the client's fetch and reports nothing itself, so wrapping twice counts once.
 *
 * @throws {ConfigurationError} when the client has no fetch to swap.
 */
export function wrapClient<Client extends object>(client: Client): Client {
  if (typeof client === "object" && client !== null && adoptFetch(client)) return client;
  // A client's own words are not shown: among them is its key.
  const given = typeof client === "object" && client !== null ? "an object without one" : show(client);
  throw new ConfigurationError(
    "client",
    `wrapClient needs a client that sends through its \`fetch\` property, such as \`new OpenAI()\` or \`new Anthropic()\`, got ${given}.`,
  );
}

function adoptFetch(client: object): boolean {
  const holder = client as { fetch?: unknown };
  if (typeof holder.fetch !== "function") return false;
  const fetch = holder.fetch as Fetch;
  if (!isWrapped(fetch)) holder.fetch = wrapFetch(fetch);
  return true;
}

/** The method that sends, in every version of both SDKs that has native fetch. */
const SENDER = "fetchWithTimeout";
type Sender = (this: object, ...given: unknown[]) => unknown;

/**
 * Meters every client of these classes from its next call on. Returns what undoes it.
 *
 * @throws {ConfigurationError} when something else than such a class is given.
 */
export function adoptModules(modules: ProviderModules = {}): () => void {
  const undo: (() => void)[] = [];
  rejectUnknown("modules.", modules, ["OpenAI", "Anthropic"]);
  for (const [name, given] of Object.entries(modules)) {
    if (given === undefined) continue;
    const prototype = findSender((given as { prototype?: unknown } | null)?.prototype);
    if (prototype === undefined) {
      throw new ConfigurationError(
        `modules.${name}`,
        `modules.${name} must be a client class of a provider's SDK, got ${show(given)}: pass { OpenAI, Anthropic } as imported from "openai" and "@anthropic-ai/sdk".`,
      );
    }
    const plain = prototype[SENDER];
    prototype[SENDER] = function fetchWithTimeout(...sent) {
      adoptFetch(this);
      return plain.apply(this, sent);
    };
    undo.push(() => {
      prototype[SENDER] = plain;
    });
  }
  return () => {
    for (const restore of undo.toReversed()) restore();
  };
}

/** The prototype that holds the sending method: classes of clouds derive from the provider's. */
function findSender(prototype: unknown): Record<typeof SENDER, Sender> | undefined {
  for (let current = prototype; typeof current === "object" && current !== null;) {
    if (Object.hasOwn(current, SENDER) && typeof Reflect.get(current, SENDER) === "function") {
      return current as Record<typeof SENDER, Sender>;
    }
    current = Object.getPrototypeOf(current) as unknown;
  }
  return undefined;
}
