import { isObject } from "../wire/parse.ts";
import { type Transport, request } from "./request.ts";

export interface PageQuery {
  /** Items per request, at most 1000. Default: the server's. */
  readonly limit?: number;
  readonly sortAscending?: boolean;
  /** Exact name, where the list has a name filter. */
  readonly name?: string;
}

const NAME_FILTER: Readonly<Record<string, string>> = {
  limits: "limit_name",
  definitions: "use_case_name",
  kpis: "kpi_name",
};

/** All items of a list, page by page as they are consumed. */
export async function* pages<Item>(
  transport: Transport,
  path: string,
  query: PageQuery,
  decode: (value: unknown) => Item,
): AsyncGenerator<Item> {
  const filter = NAME_FILTER[path.slice(path.lastIndexOf("/") + 1)];
  let cursor: string | undefined;
  do {
    // oxlint-disable-next-line no-await-in-loop
    const answer = await request(transport, {
      method: "GET",
      path,
      query: {
        cursor,
        limit: query.limit,
        sort_ascending: query.sortAscending,
        ...(filter === undefined ? {} : { [filter]: query.name }),
      },
    });
    const items = isObject(answer) && Array.isArray(answer["items"]) ? (answer["items"] as unknown[]) : [];
    for (const item of items) yield decode(item);
    const next = isObject(answer) ? answer["cursor"] : undefined;
    cursor = typeof next === "string" && next !== "" && items.length > 0 ? next : undefined;
  } while (cursor !== undefined);
}
