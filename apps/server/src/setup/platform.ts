import { HEADER, type JsonObject, decodeApiError, isObject } from "@payi/core/wire";

import { SettingError } from "../commands/setting-error.ts";

/** A running platform that is set up over its REST API, like anybody else's. */
export class Platform {
  readonly #baseUrl: string;
  readonly #apiKey: string;

  constructor(baseUrl: string, apiKey: string) {
    this.#baseUrl = baseUrl;
    this.#apiKey = apiKey;
  }

  /** All items of a list, page by page; none where the path leads nowhere. */
  async list(path: string): Promise<readonly JsonObject[]> {
    const items: JsonObject[] = [];
    let cursor: unknown;
    do {
      const query = typeof cursor === "string" ? `&cursor=${encodeURIComponent(cursor)}` : "";
      // oxlint-disable-next-line no-await-in-loop -- each page names the next one
      const page = await this.find(`${path}${path.includes("?") ? "&" : "?"}limit=1000${query}`);
      if (page === undefined) return items;
      items.push(...(Array.isArray(page["items"]) ? page["items"].filter(isObject) : []));
      cursor = page["cursor"];
    } while (typeof cursor === "string");
    return items;
  }

  /** Undefined where there is nothing. */
  async find(path: string): Promise<JsonObject | undefined> {
    const response = await this.#send("GET", path);
    return response.status === 404 ? undefined : this.#read(response, "GET", path);
  }

  async change(method: "POST" | "PUT" | "DELETE", path: string, body?: JsonObject): Promise<void> {
    await this.#read(await this.#send(method, path, body), method, path);
  }

  async #send(method: string, path: string, body?: JsonObject): Promise<Response> {
    try {
      return await fetch(`${this.#baseUrl}/api/v1${path}`, {
        method,
        headers: {
          [HEADER.apiKey]: this.#apiKey,
          ...(body === undefined ? {} : { "content-type": "application/json" }),
        },
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.timeout(30_000),
      });
    } catch (error) {
      throw new SettingError(
        `${this.#baseUrl} does not answer (${error instanceof Error ? error.message : String(error)}). Start the platform with payi serve, or set PAYI_BASE_URL.`,
      );
    }
  }

  /** @throws {SettingError} with what the platform said. */
  async #read(response: Response, method: string, path: string): Promise<JsonObject> {
    const text = await response.text();
    const body = parse(text);
    if (response.ok) return isObject(body) ? body : {};
    const { code, message } = decodeApiError(body);
    throw new SettingError(`${method} ${path} was refused with ${response.status} ${code}: ${message}`);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
