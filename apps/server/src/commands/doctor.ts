import { HEADER, decodeApiError } from "@payi/core/wire";

import { readArguments } from "./arguments.ts";
import { findPackage, isAtLeast } from "./found-packages.ts";

/** One thing that was looked at. `advice` is there where something is to be done. */
interface Finding {
  readonly mark: "ok" | "!!" | "--";
  readonly text: string;
  readonly advice?: string | undefined;
}

/** What sends provider calls, from which version on it is metered, and how. */
const CLIENTS: readonly (readonly [name: string, since: string, how: string])[] = [
  ["openai", "5.0.0", "through the global fetch"],
  ["@anthropic-ai/sdk", "0.60.0", "through the global fetch"],
  ["@google/genai", "1.0.0", "through the global fetch"],
  ["@aws-sdk/client-bedrock-runtime", "3.700.0", "through a middleware of its client"],
  ["ai", "5.0.0", "through the global fetch of its providers"],
  ["@langchain/core", "0.3.0", "through the fetch of the SDKs below it"],
];

const OLDEST_NODE = "22.12.0";

/**
 * `payi doctor [DIRECTORY]`: is an application there set up to be metered? Says what was found and what to do; exit
 * code 1 when something is to be done. Of a key it shows four characters at most.
 */
export async function doctor(args: readonly string[]): Promise<number> {
  const { words } = readArguments(args);
  const directory = words[0] ?? process.cwd();
  const environment = process.env;
  const findings = [
    checkNode(process.versions.node),
    checkCore(directory),
    ...checkClients(directory),
    checkNext(directory),
    checkKey(environment["PAYI_API_KEY"]),
    ...(await checkPlatform(environment)),
  ].filter((finding) => finding !== undefined);
  for (const { mark, text, advice } of findings) {
    process.stdout.write(`${mark}  ${text}\n${advice === undefined ? "" : `    → ${advice}\n`}`);
  }
  const wrong = findings.filter(({ mark }) => mark === "!!").length;
  process.stdout.write(wrong === 0 ? "\nAll is well.\n" : `\n${wrong} to be looked at.\n`);
  return wrong === 0 ? 0 : 1;
}

function checkNode(version: string): Finding {
  if (isAtLeast(version, OLDEST_NODE)) return { mark: "ok", text: `Node ${version}` };
  return { mark: "!!", text: `Node ${version}`, advice: `@payi/core needs Node ${OLDEST_NODE} or later.` };
}

function checkCore(directory: string): Finding {
  const core = findPackage("@payi/core", directory);
  if (core !== undefined) return { mark: "ok", text: `@payi/core ${core.version}` };
  return {
    mark: "!!",
    text: `@payi/core is not installed in ${directory}`,
    advice: "npm install @payi/core, then call payiInstrument() once, before provider clients are made.",
  };
}

function checkClients(directory: string): readonly Finding[] {
  const found = CLIENTS.flatMap(([name, since, how]): Finding[] => {
    const client = findPackage(name, directory);
    if (client === undefined) return [];
    const text = `${name} ${client.version}`;
    if (isAtLeast(client.version, since)) return [{ mark: "ok", text: `${text}: metered ${how}` }];
    const advice = `Versions before ${since} do not send through the global fetch: update, or give the client wrapFetch(fetch).`;
    return [{ mark: "!!", text: `${text}: not metered`, advice }];
  });
  if (found.length > 0) return found;
  const text = "No provider SDK is installed; calls by bare fetch are metered all the same";
  return [{ mark: "--", text }];
}

function checkNext(directory: string): Finding | undefined {
  const next = findPackage("next", directory);
  if (next === undefined) return undefined;
  const advice =
    "Call payiInstrument() in register() of instrumentation.ts; wrap the configuration with withPayi of @payi/core/next-config.";
  return { mark: "--", text: `next ${next.version}`, advice };
}

function checkKey(key: string | undefined): Finding {
  if (key !== undefined && key !== "") return { mark: "ok", text: `PAYI_API_KEY ${hint(key)}` };
  const advice = "Set it to a key of your platform: payi serve prints one, payi keys create makes another.";
  return { mark: "!!", text: "PAYI_API_KEY is not set", advice };
}

/** Enough to tell two keys apart and too little to use one. */
function hint(key: string): string {
  return key.length < 12 ? "is set" : `…${key.slice(-4)}`;
}

async function checkPlatform(environment: NodeJS.ProcessEnv): Promise<readonly Finding[]> {
  const given = environment["PAYI_BASE_URL"];
  if ((given === undefined || given === "") && environment["NODE_ENV"] === "production") {
    const advice = "With NODE_ENV=production there is no default: set it to your platform's address.";
    return [{ mark: "!!", text: "PAYI_BASE_URL is not set", advice }];
  }
  const url = given || "http://localhost:4470";
  if (!/^https?:$/.test(URL.parse(url)?.protocol ?? "")) {
    const advice = "Set it to an address such as http://localhost:4470.";
    return [{ mark: "!!", text: `PAYI_BASE_URL ${JSON.stringify(url)} is not an http(s) URL`, advice }];
  }
  return [await reach(url.replace(/(?<!\/)\/+$/, ""), environment["PAYI_API_KEY"] ?? "")];
}

/** Reports no events at all, which needs all that reporting needs. */
async function reach(url: string, key: string): Promise<Finding> {
  const startedMs = performance.now();
  let answer: Response;
  try {
    answer = await fetch(`${url}/api/v1/ingest/bulk`, {
      method: "POST",
      headers: { [HEADER.apiKey]: key, "content-type": "application/json" },
      body: "[]",
      signal: AbortSignal.timeout(5_000),
    });
  } catch (error) {
    const cause =
      error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
    const advice = "Start the platform with payi serve, or set PAYI_BASE_URL to where it runs.";
    return { mark: "!!", text: `${url} cannot be reached: ${cause}`, advice };
  }
  const milliseconds = Math.round(performance.now() - startedMs);
  const body: unknown = await answer.json().catch(() => undefined);
  return judge(`${url} answers`, milliseconds, answer.status, body);
}

function judge(url: string, milliseconds: number, status: number, body: unknown): Finding {
  const { code, message } = decodeApiError(body);
  if (status === 401) {
    const advice =
      "The key belongs to another platform or was revoked: payi keys list shows those that work.";
    return { mark: "!!", text: `${url}, but refuses the key`, advice };
  }
  if (status === 403) {
    const advice =
      "An application needs a full key, or one with the scope ingest: payi keys create --scope ingest";
    return { mark: "!!", text: `${url}, but takes no events from this key: ${message}`, advice };
  }
  const isPlatform = typeof body === "object" && body !== null && "request_id" in body;
  if (status === 200 && isPlatform) {
    return { mark: "ok", text: `${url} in ${milliseconds} ms and takes events from the key` };
  }
  const said =
    status === 200 ? "with something else than a platform's answer" : `${status} ${code}: ${message}`;
  return {
    mark: "!!",
    text: `${url} ${said}`,
    advice: "Is this the address of a Pay-i platform? POST /api/v1/ingest/bulk with [] should answer 200.",
  };
}
