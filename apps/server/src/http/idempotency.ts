import { createHash, timingSafeEqual } from "node:crypto";
import { type ServerResponse } from "node:http";

import { WireError } from "@payi/core/wire";
import { type FastifyInstance, type FastifyRequest } from "fastify";

import { type Store } from "../store/store.ts";
import { WriteOnce } from "../store/write-once.ts";

const WRITES = new Set(["POST", "PUT", "DELETE"]);
const MAX_LENGTH = 255;

declare module "fastify" {
  interface FastifyContextConfig {
    /** Fields of the answer that are shown once: a repeat gets null in their place. */
    secrets?: readonly string[];
  }
  interface FastifyRequest {
    /** Set when the answer to this write is to be kept. */
    keep: {
      readonly key: string;
      readonly hash: Uint8Array;
      /** Its writes; `repeated` once some were done before, by a request whose answer was lost. */
      readonly once: WriteOnce;
      readonly repeated: boolean;
    } | null;
  }
}

/**
 * A write that carries an `Idempotency-Key` is done once: a repeat gets the first answer, another body a 409. Should the
 * server end between write and answer, the repeat finds the write done and answers from its result.
 */
export function registerIdempotency(app: FastifyInstance, store: Store): void {
  app.decorateRequest("keep", null);
  const running = new Map<string, Promise<void>>();

  /** Resolves once no other request works under the same key; this one then counts as working until its end. */
  async function takeTurn(name: string, response: ServerResponse): Promise<void> {
    // oxlint-disable-next-line no-await-in-loop -- several may wait, one goes on
    for (let other = running.get(name); other !== undefined; other = running.get(name)) await other;
    if (response.closed) return;
    const ended = new Promise<void>((resolve) => {
      response.once("close", () => {
        running.delete(name);
        resolve();
      });
    });
    running.set(name, ended);
  }

  app.addHook("preHandler", async (request, reply) => {
    const key = readKey(request);
    if (key === undefined || request.access === null) return;
    const hash = hashOf(request);
    await takeTurn(JSON.stringify([request.access.application, key]), reply.raw);
    const first = await store.answer(request.access.application, key);
    if (first === undefined) {
      const { application } = request.access;
      const once = new WriteOnce({ application, key, requestHash: hash });
      // What is shown once is made anew with every request, and a write that was done before has the old one.
      const repeated =
        request.routeOptions.config.secrets !== undefined && (await store.isBegun(application, key, hash));
      request.keep = { key, hash, once, repeated };
      return;
    }
    if (!timingSafeEqual(hash, first.requestHash)) {
      throw new WireError(
        "idempotency_mismatch",
        `Idempotency-Key ${JSON.stringify(key)} was used with another request. Use a new key for a new request.`,
      );
    }
    await reply.code(first.status).type("application/json; charset=utf-8").send(first.body);
  });

  // The handler runs inside, so that its writes are known to be those of this request.
  app.addHook("preHandler", (request, _reply, next) => {
    if (request.keep === null) next();
    else request.keep.once.run(next);
  });

  app.addHook("onSend", async (request, reply, payload) => {
    request.keep?.once.end();
    // Errors are not kept: what is corrected may be sent again under the same key.
    if (request.keep === null || request.access === null || reply.statusCode >= 400) return payload;
    const body = withoutSecrets(String(payload), request.routeOptions.config.secrets);
    await store.saveAnswer(request.access.application, request.keep.key, {
      requestHash: request.keep.hash,
      status: reply.statusCode,
      body,
    });
    return request.keep.repeated ? body : payload;
  });
}

/** What is kept of an answer. */
function withoutSecrets(body: string, secrets: readonly string[] | undefined): string {
  if (secrets === undefined) return body;
  return JSON.stringify(JSON.parse(body), (name, value: unknown) => (secrets.includes(name) ? null : value));
}

function readKey(request: FastifyRequest): string | undefined {
  const key = request.headers["idempotency-key"];
  if (typeof key !== "string" || key === "" || !WRITES.has(request.method)) return undefined;
  if (key.length <= MAX_LENGTH) return key;
  throw new WireError(
    "request_processing_error",
    `Idempotency-Key is ${key.length} characters long; at most ${MAX_LENGTH} are accepted.`,
  );
}

function hashOf(request: FastifyRequest): Uint8Array {
  const body = JSON.stringify(request.body) ?? "";
  return createHash("sha256").update(`${request.method} ${request.url}\n${body}`).digest();
}
