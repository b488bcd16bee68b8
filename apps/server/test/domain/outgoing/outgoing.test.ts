import { once } from "node:events";
import { type AddressInfo, type Server, createServer } from "node:net";

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { isPublicAddress } from "../../../src/domain/outgoing/addresses.ts";
import { readAllowedHosts } from "../../../src/domain/outgoing/allowed-hosts.ts";
import { Outgoing } from "../../../src/domain/outgoing/outgoing.ts";
import { type Receiver, startReceiver } from "../../receiver.ts";

/** What must never be reached: it listens on every address of this machine and counts who comes. */
let canary: Server;
let port: number;
let connections = 0;
let receiver: Receiver;
beforeAll(async () => {
  canary = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  canary.listen(0, "::");
  await once(canary, "listening");
  port = (canary.address() as AddressInfo).port;
  receiver = await startReceiver();
});
afterAll(async () => {
  canary.close();
  await receiver[Symbol.asyncDispose]();
});
beforeEach(() => {
  connections = 0;
});

const POST = { method: "POST", headers: {}, body: "{}", timeoutMs: 30_000 } as const;
const resolving =
  (...addresses: string[]) =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(":") ? 6 : 4 }));

/** How an attempt ended: the code of a refusal, or what else went wrong. */
async function outcome(sending: Promise<unknown>): Promise<string> {
  try {
    await sending;
    return "sent";
  } catch (error) {
    return error instanceof Error && "code" in error ? String(error.code) : String(error);
  }
}

/** Hosts that mean this machine or its network, in every spelling that one parser or another takes. */
const HOSTS = [
  "127.0.0.1",
  "127.0.0.2",
  "127.1",
  "127.0.1",
  "2130706433",
  "017700000001",
  "0177.0.0.1",
  "0177.0000.0000.0001",
  "0x7f000001",
  "0x7f.0.0.1",
  "0x7F.0x0.0x0.0x1",
  "0x7f.1",
  "0",
  "0.0.0.0",
  "%31%32%37.0.0.1",
  "１２７.0.0.1",
  "①②⑦.⓪.⓪.①",
  "127。0。0。1",
  "[::1]",
  "[::]",
  "[0:0:0:0:0:0:0:1]",
  "[0000:0000:0000:0000:0000:0000:0000:0001]",
  "[::ffff:127.0.0.1]",
  "[::ffff:7f00:1]",
  "[::127.0.0.1]",
  "[64:ff9b::7f00:1]",
  "[2002:7f00:1::]",
  "[fe80::1]",
  "[fd00::1]",
  "10.0.0.1",
  "172.16.0.1",
  "192.168.0.1",
  "100.64.0.1",
  "169.254.169.254",
  "2852039166",
  "0xa9fea9fe",
  "224.0.0.1",
  "255.255.255.255",
  "localhost",
  "LOCALHOST",
  "LocalHost",
  "localhost.",
  "127.0.0.1.",
  "foo.localhost",
  "printer.local",
  "metadata.google.internal",
  "intranet",
  "router.lan",
];

/** Whole addresses that could be read in two ways. `PORT` is the canary's. */
const ADDRESSES = [
  "https://user@example.com/",
  "https://user:password@example.com/",
  "https://example.com@127.0.0.1:PORT/",
  "https://example.com:443@127.0.0.1:PORT/",
  "https://@127.0.0.1:PORT/",
  "https://127.0.0.1:PORT\\@example.com/",
  "https://example.com\\.127.0.0.1:PORT/",
  "https:\\\\127.0.0.1:PORT/",
  "https:127.0.0.1:PORT/",
  "https:/127.0.0.1:PORT/",
  "https:///127.0.0.1:PORT/",
  "//127.0.0.1:PORT/",
  "http://example.com/",
  "https://example.com:8443/",
  "https://example.com./",
  "https://example.com/#fragment",
  "https://exam%70le.com/",
  " https://example.com/",
  "https://example.com/\n",
  "https://exam\tple.com/",
  "https://example.com/\u0000",
  "https://exam\u200Bple.com/",
  "ftp://127.0.0.1:PORT/",
  "file:///etc/passwd",
  "gopher://127.0.0.1:PORT/",
  "data:text/plain,x",
  "unix:/var/run/docker.sock",
  "https://",
  "",
  `https://example.com/${"a".repeat(3000)}`,
];

describe("nothing connects to", () => {
  const spelled = HOSTS.flatMap((host) => [
    `https://${host}/`,
    `https://${host}:PORT/`,
    `http://${host}:PORT/`,
  ]);
  test.each([...spelled, ...ADDRESSES])("%j", async (address) => {
    const url = address.replace("PORT", String(port));
    const outgoing = new Outgoing([], resolving("127.0.0.1", "::1"));
    expect(await outcome(outgoing.check(url))).toBe("forbidden_target");
    expect(await outcome(outgoing.send(url, POST))).toBe("forbidden_target");
    expect(connections).toBe(0);
  });

  test.each([
    ["127.0.0.1"],
    ["::1"],
    ["::ffff:127.0.0.1"],
    ["10.1.2.3"],
    ["169.254.169.254"],
    ["100.64.0.1"],
    ["fd00:ec2::254"],
    ["0.0.0.0"],
    ["93.184.216.34", "127.0.0.1"],
  ])("a public name that leads to %j, also beside others", async (...addresses) => {
    const outgoing = new Outgoing([], resolving(...addresses));
    expect(await outcome(outgoing.check("https://rebound.example.com/"))).toBe("forbidden_target");
    expect(await outcome(outgoing.send("https://rebound.example.com/", POST))).toBe("forbidden_target");
  });

  test("a name that was public when it was saved and leads here when it is used", async () => {
    const answers = ["93.184.216.34", "127.0.0.1"];
    let asked = 0;
    const outgoing = new Outgoing([], async () => {
      asked += 1;
      return [{ address: answers.shift() ?? "127.0.0.1", family: 4 }];
    });
    expect(await outcome(outgoing.check("https://rebound.example.com/"))).toBe("sent");
    expect(await outcome(outgoing.send("https://rebound.example.com/", POST))).toBe("forbidden_target");
    expect(asked).toBe(2);
  });
});

test("the socket goes to the address that was checked, and the name is asked for once", async () => {
  let asked = 0;
  const outgoing = new Outgoing(readAllowedHosts(`http://receiver.example:${receiver.port}`), async () => {
    asked += 1;
    // A resolver that is asked again would lead to a place where nobody listens.
    return [{ address: asked === 1 ? "127.0.0.1" : "127.0.0.9", family: 4 }];
  });
  const { status } = await outgoing.send(`http://receiver.example:${receiver.port}/`, POST);
  expect([status, asked, receiver.received.at(-1)?.headers.host]).toEqual([
    200,
    1,
    `receiver.example:${receiver.port}`,
  ]);
});

describe("a redirect", () => {
  const outgoing = () => new Outgoing(readAllowedHosts(`http://127.0.0.1:${receiver.port}`));
  const redirecting = (status: number, location: string) => {
    receiver.received.length = 0;
    receiver.answer = ({ path }) => (path === "/end" ? { status: 200 } : { status, headers: { location } });
  };

  test.each([307, 308])("%i to this machine is refused, and nothing connects", async (status) => {
    for (const host of ["127.0.0.1", "localhost", "[::1]", "0x7f.1"]) {
      redirecting(status, `http://${host}:${port}/`);
      expect(await outcome(outgoing().send(`${receiver.url}/start`, POST))).toBe("forbidden_target");
    }
    redirecting(status, `//127.0.0.1:${port}/`);
    expect(await outcome(outgoing().send(`${receiver.url}/start`, POST))).toBe("forbidden_target");
    expect(connections).toBe(0);
  });

  test.each([301, 302, 303])(
    "%i is an answer, since it would turn a POST into something else",
    async (status) => {
      redirecting(status, `http://127.0.0.1:${port}/`);
      expect(await outgoing().send(`${receiver.url}/start`, POST)).toMatchObject({ status });
      expect(connections).toBe(0);
    },
  );

  test("307 to where it may go is followed with the body, and one that never ends is given up", async () => {
    redirecting(307, "/end");
    expect(await outgoing().send(`${receiver.url}/start`, POST)).toMatchObject({ status: 200 });
    expect(receiver.received.map(({ path, body }) => [path, body])).toEqual([
      ["/start", "{}"],
      ["/end", "{}"],
    ]);
    redirecting(307, "/again");
    expect(await outgoing().send(`${receiver.url}/start`, POST)).toMatchObject({ status: 307 });
    expect(receiver.received).toHaveLength(4);
  });
});

describe("a permitted host", () => {
  const check = (list: string, url: string) => outcome(new Outgoing(readAllowedHosts(list)).check(url));

  test.each([
    ["http://127.0.0.1:*", "http://127.0.0.1:1234/"],
    ["http://127.0.0.1:*", "http://127.0.0.1/"],
    ["https://hooks.internal:8443", "https://HOOKS.internal:8443/x"],
    ["https://hooks.internal", "https://hooks.internal/x"],
    ["https://a.internal, http://[::1]:*", "http://[::1]:80/"],
  ])("%s permits %s", async (list, url) => {
    expect(await check(list, url)).toBe("sent");
  });

  test.each([
    ["http://127.0.0.1:*", "http://127.0.0.2/"],
    ["http://127.0.0.1:*", "https://127.0.0.1/"],
    ["http://127.0.0.1:80", "http://127.0.0.1:81/"],
    ["http://127.0.0.1:*", "http://user@127.0.0.1/"],
    ["http://127.0.0.1:*", "http://127.0.0.1:80\\@example.com/"],
    ["https://hooks.internal", "https://sub.hooks.internal/"],
    ["https://hooks.internal", "https://hooks.internal:8443/"],
    ["https://hooks.internal", "https://hooks.internal./"],
  ])("%s does not permit %s", async (list, url) => {
    expect(await check(list, url)).toBe("forbidden_target");
  });

  test.each([
    "*",
    "127.0.0.1",
    "https://a/path",
    "https://a:0",
    "https://a:99999",
    "ftp://a",
    "https://*.a",
    "https://u@a",
  ])("%s is no host that can be permitted", (list) => {
    expect(() => readAllowedHosts(list)).toThrow(/is no host that can be permitted/);
  });
});

test("an answer without end is not read to its end", async () => {
  const outgoing = new Outgoing(readAllowedHosts("http://127.0.0.1:*"));
  receiver.answer = () => ({ status: 200 });
  await expect(outgoing.send(receiver.url, { ...POST, mostBytes: 5 })).rejects.toThrow("longer than 5 bytes");
});

test.each(["8.8.8.8", "93.184.216.34", "2606:4700:4700::1111"])("%s is a public address", (address) => {
  expect(isPublicAddress(address)).toBe(true);
});
