import { createServer } from "node:http";
import { type AddressInfo } from "node:net";

import { type ClickHouseClient as Official } from "@clickhouse/client";

/** ClickHouse's HTTP interface before the engine in process: as much of it as the server uses. */
export interface OverHttp extends AsyncDisposable {
  readonly url: string;
}

const UNESCAPES: Readonly<Record<string, string>> = { t: "\t", n: "\n", r: "\r", "'": "'", "\\": "\\" };

/** Values of parameters come as tab-separated text. */
function unescaped(text: string): string {
  return text.replaceAll(/\\([tnr'\\])/g, (_, character: string) => UNESCAPES[character] ?? character);
}

/** Runs what arrives on `engine`; refuses whoever does not send the key. */
export async function serveOverHttp(engine: Official, key: string): Promise<OverHttp> {
  async function run(parameters: URLSearchParams, body: string): Promise<string> {
    const insert = /^INSERT INTO (\w+) FORMAT JSONEachRow$/.exec(parameters.get("query") ?? "");
    if (insert !== null) {
      const settings = [...parameters].filter(([name]) => name !== "query" && name !== "wait_end_of_query");
      await engine.insert({
        table: insert[1] ?? "",
        values: body.split("\n").map((line) => JSON.parse(line) as unknown),
        format: "JSONEachRow",
        clickhouse_settings: Object.fromEntries(settings) as Record<string, string>,
      });
      return "";
    }
    const format = / FORMAT JSONEachRow$/;
    if (!format.test(body)) {
      await engine.command({ query: body });
      return "";
    }
    const given = [...parameters].filter(([name]) => name.startsWith("param_"));
    const answer = await engine.query({
      query: body.replace(format, ""),
      format: "JSONEachRow",
      query_params: Object.fromEntries(given.map(([name, value]) => [name.slice(6), unescaped(value)])),
    });
    return (await answer.json<object>()).map((row) => `${JSON.stringify(row)}\n`).join("");
  }

  const server = createServer((request, response) => {
    void (async () => {
      let body = "";
      for await (const chunk of request.setEncoding("utf8")) body += chunk;
      if (request.headers["x-clickhouse-key"] !== key) {
        response.writeHead(403).end("Code: 516. Authentication failed");
        return;
      }
      try {
        const { searchParams } = new URL(request.url ?? "/", "http://localhost");
        response.writeHead(200).end(await run(searchParams, body));
      } catch (error) {
        response.writeHead(500).end(String(error));
      }
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://payi:${key}@127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
