import { once } from "node:events";
import { type AddressInfo, type Server, type Socket, connect, createServer } from "node:net";

/** What becomes of connections: bytes pass, nothing passes though nobody hangs up, or they are cut and refused. */
export type Passage = "open" | "silent" | "down";

/** Stands between a store and its database. */
export interface PausableProxy extends AsyncDisposable {
  readonly port: number;
  set(passage: Passage): Promise<void>;
}

/** Forwards to a port of `host`. What arrives while it is silent is lost, as behind a broken line. */
export async function startPausableProxy(host: string, port: number): Promise<PausableProxy> {
  const sockets = new Set<Socket>();
  let passage: Passage = "open";

  function join(from: Socket, to: Socket): void {
    sockets.add(from);
    from.on("data", (chunk) => {
      if (passage === "open") to.write(chunk);
    });
    from.on("error", () => undefined);
    from.on("close", () => {
      sockets.delete(from);
      to.destroy();
    });
  }

  async function listen(at: number): Promise<Server> {
    const made = createServer((client) => {
      const target = connect(port, host);
      join(client, target);
      join(target, client);
    }).listen(at, "127.0.0.1");
    await once(made, "listening");
    return made;
  }

  let server: Server | undefined = await listen(0);
  const own = (server.address() as AddressInfo).port;

  async function goDown(): Promise<void> {
    if (server === undefined) return;
    const closed = once(server, "close");
    server.close();
    server = undefined;
    for (const socket of sockets) socket.destroy();
    await closed;
  }

  return {
    port: own,
    async set(next) {
      passage = next;
      if (next === "down") await goDown();
      else server ??= await listen(own);
    },
    [Symbol.asyncDispose]: goDown,
  };
}
