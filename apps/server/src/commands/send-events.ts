import { type BulkResult, HEADER, decodeApiError, decodeBulkResult, isObject } from "@payi/core/wire";

import { SettingError } from "./setting-error.ts";

/** What became of the events of a file; `index` is the place in it. */
export interface Imported {
  readonly recorded: number;
  readonly repeated: number;
  readonly errors: readonly { readonly index: number; readonly code: string; readonly message: string }[];
}

/** A platform takes 10,000 events and 16 MiB at once; with prompts in them a few are large. */
const MOST_ITEMS = 1000;
const MOST_LENGTH = 4 << 20;

/**
 * Records events at a running platform, in the order given. What was recorded before it failed stays, and is known again the
 * next time.
 *
 * @throws {SettingError} where there is no key, or the platform does not answer or refuses altogether.
 */
export async function sendEvents(baseUrl: string, items: readonly unknown[]): Promise<Imported> {
  const apiKey = process.env["PAYI_API_KEY"]?.trim() ?? "";
  if (apiKey === "") {
    throw new SettingError(
      `No API key for ${baseUrl}: set PAYI_API_KEY, or leave PAYI_BASE_URL out to import into the data folder.`,
    );
  }
  if (!/^https?:\/\/./.test(baseUrl)) {
    throw new SettingError(`PAYI_BASE_URL=${baseUrl} is no http(s) address, such as http://localhost:4470.`);
  }
  const url = `${baseUrl.replace(/(?<!\/)\/+$/, "")}/api/v1/ingest/bulk`;
  const errors: Imported["errors"][number][] = [];
  let [sent, repeated] = [0, 0];
  for (const part of partsOf(items)) {
    // oxlint-disable-next-line no-await-in-loop -- in the order of the file, and one that fails ends it
    const answer = await sendPart(url, apiKey, part, `Of ${items.length} events ${sent} were sent before.`);
    for (const { index, code, message } of answer.errors) errors.push({ index: sent + index, code, message });
    repeated += answer.results.filter(({ result }) => result?.duplicateRequest === true).length;
    sent += part.length;
  }
  return { recorded: sent - errors.length - repeated, repeated, errors };
}

/** Texts of events that make requests of a size that every platform takes. */
function* partsOf(items: readonly unknown[]): Generator<readonly string[]> {
  let part: string[] = [];
  let length = 0;
  for (const item of items) {
    const text = JSON.stringify(item);
    if (part.length === MOST_ITEMS || (part.length > 0 && length + text.length > MOST_LENGTH)) {
      yield part;
      [part, length] = [[], 0];
    }
    part.push(text);
    length += text.length;
  }
  if (part.length > 0) yield part;
}

async function sendPart(
  url: string,
  apiKey: string,
  part: readonly string[],
  progress: string,
): Promise<BulkResult> {
  const again = `${progress} The same command again goes on where this one stopped.`;
  let response: Response;
  let body: unknown;
  try {
    response = await fetch(url, {
      method: "POST",
      headers: { [HEADER.apiKey]: apiKey, "content-type": "application/json" },
      body: `[${part.join(",")}]`,
      signal: AbortSignal.timeout(120_000),
    });
    body = await response.json().catch(() => undefined);
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SettingError(
      `No platform answers at ${url} (${reason}). Start it with payi serve, or set PAYI_BASE_URL to where it is. ${again}`,
    );
  }
  // Where nothing of a part was recorded, the status is an error's, and the reasons stand in the same places.
  const answered = isObject(body) && ("results" in body || "errors" in body);
  if (answered && (response.ok || response.status === 400)) return decodeBulkResult(body);
  const { code, message } = decodeApiError(body);
  throw new SettingError(`${url} refused with ${response.status} ${code}: ${message} ${again}`);
}
