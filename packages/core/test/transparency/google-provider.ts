/** A loopback Gemini that behaves by the name of the model, the same way every time. */
import { type Loopback, startLoopback } from "../support.ts";

const usage = { promptTokenCount: 9, candidatesTokenCount: 12, totalTokenCount: 21 };

function answer(parts: readonly object[], more: object = {}): object {
  return {
    responseId: "gem_1",
    modelVersion: "gemini-2.5-flash",
    candidates: [{ index: 0, content: { role: "model", parts }, ...more }],
    usageMetadata: usage,
  };
}

const WHOLE = answer([{ text: "Go to Möab." }], { finishReason: "STOP" });
const CALL = answer([{ functionCall: { name: "find_trail", args: { near: "Moab" } } }]);

/** Status, body and type of the errors that can be asked for. */
const ERRORS: Readonly<Record<string, readonly [status: number, body: string, type?: string]>> = {
  "400": [400, '{"error":{"code":400,"message":"no","status":"INVALID_ARGUMENT"}}'],
  "401": [401, '{"error":{"code":401,"message":"who are you","status":"UNAUTHENTICATED"}}'],
  "403": [403, '{"error":{"code":403,"message":"not you","status":"PERMISSION_DENIED"}}'],
  "404": [404, '{"error":{"code":404,"message":"no such model","status":"NOT_FOUND"}}'],
  "429": [429, '{"error":{"code":429,"message":"slow down","status":"RESOURCE_EXHAUSTED"}}'],
  "500": [500, '{"error":{"code":500,"message":"oops","status":"INTERNAL"}}'],
  html: [502, "<html>bad gateway</html>", "text/html"],
  empty: [503, ""],
};

export function startGemini(): Promise<Loopback> {
  return startLoopback(async ({ url }, response) => {
    const [, which = "plain", method = ""] = /models\/([^:/?]+):?([a-zA-Z]*)/.exec(url) ?? [];
    const error = ERRORS[which];
    // It would differ between two seconds, and the SDK shows it.
    response.sendDate = false;
    const headers = { "x-custom": "kept" };
    if (error !== undefined) {
      const type = error[2] ?? "application/json";
      response.writeHead(error[0], { ...headers, "content-type": type }).end(error[1]);
      return;
    }
    if (which === "hang") return;
    if (which === "reset") {
      response.destroy();
      return;
    }
    if (method === "streamGenerateContent") {
      response.writeHead(200, { ...headers, "content-type": "text/event-stream" });
      for (const [index, part] of partsOf(which).entries()) {
        if (which === "cut" && index === 2) {
          response.destroy();
          return;
        }
        if (which === "stall" && index === 2) return;
        response.write(part);
        await new Promise((resolve) => setImmediate(resolve));
      }
      response.end();
      return;
    }
    response.writeHead(200, { ...headers, "content-type": "application/json" });
    response.end(which === "broken" ? '{"candidates":[' : JSON.stringify(answerTo(url, which, method)));
  });
}

function partsOf(which: string): readonly string[] {
  const chunks = ["Go ", "to ", "Mö", "ab."].map((text) => answer([{ text }]));
  const events = [...chunks, WHOLE].map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`);
  const failure = `data: ${ERRORS["429"]?.[1] ?? ""}\n\n`;
  if (which === "failing") return [...events.slice(0, 2), failure];
  if (which === "crlf") return events.map((event) => event.replaceAll("\n", "\r\n"));
  if (which === "one-write") return [events.join("")];
  if (which === "shred") return events.flatMap((event) => event.match(/.{1,7}/gsu) ?? []);
  return events;
}

function answerTo(url: string, which: string, method: string): object {
  if (method === "countTokens") return { totalTokens: 7 };
  if (method === "embedContent" || method === "batchEmbedContents") {
    return { embedding: { values: [0.5] }, embeddings: [{ values: [0.5] }] };
  }
  if (url.endsWith("/models") || url.includes("/models?")) return { models: [{ name: "models/plain" }] };
  return which === "tools" ? CALL : WHOLE;
}
