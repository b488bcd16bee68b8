import { once } from "node:events";
import { type Server } from "node:http";
import { type AddressInfo } from "node:net";

/**
 * Listens on the loopback interface; port 0 takes a free one. Answers the URL.
 *
 * @throws {Error} naming `variable` when the port is taken.
 */
export async function listen(server: Server, port: number, variable: string): Promise<string> {
  server.listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EADDRINUSE")) throw error;
    const message = `Port ${port} is taken. Stop what listens there, or set ${variable} to a free port.`;
    throw new Error(message, { cause: error });
  }
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

/** A port from the environment. @throws {RangeError} when the variable is set to something else. */
export function readPort(variable: string, standard: number): number {
  const text = process.env[variable];
  if (text === undefined || text === "") return standard;
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new RangeError(`${variable} is ${JSON.stringify(text)}; write a port number from 0 to 65535.`);
}
