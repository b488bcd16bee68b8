/** A TCP proxy that misbehaves on demand, between the SDK and whatever it reports to. */
import { type Server, type Socket, connect, createServer } from "node:net";

import { freePort } from "./free-port.ts";

/** What happens to connections, present and future ones. Numbers are bytes of the answer, or milliseconds. */
export type Fault =
  | { readonly kind: "none" }
  /** Connections are refused. */
  | { readonly kind: "down" }
  /** Connections are accepted, and nothing ever comes back. */
  | { readonly kind: "blackhole" }
  | { readonly kind: "latency"; readonly ms: number }
  /** The answer comes a few bytes at a time. */
  | { readonly kind: "slow"; readonly bytes: number; readonly everyMs: number }
  /** The connection is reset in the middle of the answer. */
  | { readonly kind: "reset"; readonly afterBytes: number }
  /** The answer ends early, without an error. */
  | { readonly kind: "half-close"; readonly afterBytes: number }
  /** One byte in so many is another one. */
  | { readonly kind: "corrupt"; readonly everyBytes: number };

export interface FaultProxy extends AsyncDisposable {
  readonly url: string;
  /** Connections that were opened so far. */
  readonly connections: number;
  set(fault: Fault): Promise<void>;
}

/** Forwards to `target`, an http URL on this machine. */
export async function startFaultProxy(target: string): Promise<FaultProxy> {
  const { hostname, port } = new URL(target);
  const sockets = new Set<Socket>();
  let fault: Fault = { kind: "none" };
  let connections = 0;
  // It gives the port back while it is down.
  const ownPort = await freePort();
  let server = await listen(ownPort);

  function listen(at: number): Promise<Server> {
    const created = createServer({ allowHalfOpen: true }, (client) => {
      connections += 1;
      track(client);
      if (fault.kind === "blackhole") {
        client.resume();
        return;
      }
      const upstream = connect(Number(port), hostname);
      track(upstream);
      client.pipe(upstream);
      client.on("close", () => upstream.destroy());
      answerThrough(upstream, client);
    });
    return new Promise((resolve) => created.listen(at, "127.0.0.1", () => resolve(created)));
  }

  function track(socket: Socket): void {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
  }

  function answerThrough(upstream: Socket, client: Socket): void {
    let seen = 0;
    let last = Promise.resolve();
    upstream.on("end", () => void last.then(() => client.end()));
    upstream.on("data", (chunk: Buffer) => {
      last = last.then(() => forward(chunk, client, seen));
      void last.then(() => (seen += chunk.length));
    });
  }

  async function forward(chunk: Buffer, client: Socket, seen: number): Promise<void> {
    const now = fault;
    if (now.kind === "latency") await pause(now.ms);
    if (now.kind === "slow") {
      for (let at = 0; at < chunk.length && !client.destroyed; at += now.bytes) {
        client.write(chunk.subarray(at, at + now.bytes));
        await pause(now.everyMs);
      }
      return;
    }
    if (now.kind === "corrupt") {
      for (let at = now.everyBytes - 1; at < chunk.length; at += now.everyBytes) {
        chunk[at] = (chunk[at] ?? 0) ^ 0x15;
      }
    }
    if (now.kind === "reset" || now.kind === "half-close") {
      client.write(chunk.subarray(0, Math.max(0, now.afterBytes - seen)));
      if (seen + chunk.length < now.afterBytes) return;
      if (now.kind === "reset") client.resetAndDestroy();
      else client.end();
      return;
    }
    client.write(chunk);
  }

  function dropAll(): void {
    for (const socket of sockets) socket.destroy();
  }

  return {
    url: `http://127.0.0.1:${ownPort}`,
    get connections() {
      return connections;
    },
    async set(next) {
      const wasDown = fault.kind === "down";
      fault = next;
      dropAll();
      if (next.kind === "down" && !wasDown) await new Promise((resolve) => server.close(resolve));
      if (next.kind !== "down" && wasDown) server = await listen(ownPort);
    },
    async [Symbol.asyncDispose]() {
      dropAll();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
