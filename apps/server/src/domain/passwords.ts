import { type ScryptOptions, randomBytes, scrypt, timingSafeEqual } from "node:crypto";

import { WireError } from "@payi/core/wire";

/** OWASP's parameters for scrypt: 32 MiB, three times over. */
const COST = { N: 2 ** 15, r: 8, p: 3 } as const;
const MAX_MEMORY = 64 * 1024 * 1024;
const KEY_LENGTH = 32;
const SHORTEST = 12;
const LONGEST = 200;

/** One after the other: what a hash needs of memory is bounded, however many people sign in. */
let last: Promise<unknown> = Promise.resolve();

/** `scrypt$N$r$p$salt$hash`, so that the parameters may grow. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt, COST);
  return ["scrypt", COST.N, COST.r, COST.p, salt.toString("base64url"), hash.toString("base64url")].join("$");
}

/** Takes as long for somebody who is not known as for somebody who is. */
export async function isPassword(password: string, stored: string | null): Promise<boolean> {
  const [, n, r, p, salt = "", hash = ""] = (stored ?? NOBODY).split("$");
  const options = { N: Number(n), r: Number(r), p: Number(p) };
  const expected = Buffer.from(hash, "base64url");
  const found = await derive(password.slice(0, LONGEST), Buffer.from(salt, "base64url"), options);
  return stored !== null && timingSafeEqual(found, expected);
}

/** @throws {WireError} `password_refused` with the rule. */
export function requireGoodPassword(password: string, email: string): void {
  const rule = brokenRule(password, email);
  if (rule === undefined) return;
  throw new WireError("password_refused", `${rule} A sentence of a few words is a good password.`);
}

function brokenRule(password: string, email: string): string | undefined {
  const { length } = password;
  if (length < SHORTEST) return `A password has at least ${SHORTEST} characters; this one has ${length}.`;
  if (length > LONGEST) return `A password has at most ${LONGEST} characters; this one has ${length}.`;
  if (new Set(password).size < 5) return "A password has at least 5 different characters.";
  const isAddress = password.toLowerCase().includes(email.toLowerCase());
  return isAddress ? "A password does not contain the e-mail address." : undefined;
}

const NOBODY = `scrypt$${COST.N}$${COST.r}$${COST.p}$${"A".repeat(22)}$${"A".repeat(43)}`;

function derive(password: string, salt: Buffer, options: ScryptOptions): Promise<Buffer> {
  const derived = last.then(
    () =>
      new Promise<Buffer>((resolve, reject) => {
        // The same characters typed on another keyboard are the same password.
        scrypt(
          password.normalize("NFKC"),
          salt,
          KEY_LENGTH,
          { ...options, maxmem: MAX_MEMORY },
          (error, key) => (error === null ? resolve(key) : reject(error)),
        );
      }),
  );
  last = derived.catch(() => undefined);
  return derived;
}
