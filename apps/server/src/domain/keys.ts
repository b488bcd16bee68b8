import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

import { type KeyGrant, type KeyImprint, type KeyScope, type StoredKey } from "../store/key.ts";
import { type Store } from "../store/store.ts";

/** The application that exists from the start. */
export const DEFAULT_APPLICATION = "default";

const PREFIX_LENGTH = 12;
const TOUCH_INTERVAL_MS = 60_000;

/** A new key: recognisable, 192 random bits. */
export function newKeyText(): string {
  return `payi_${randomBytes(24).toString("base64url")}`;
}

/** A key and its text, which is shown this one time and kept nowhere. */
export interface ShownKey {
  readonly key: StoredKey;
  readonly text: string;
}

/** Makes a key; `actor` is who is written down, the command line by default. */
export async function createKey(
  store: Store,
  application: string,
  name: string,
  options: { readonly scope?: KeyScope; readonly actor?: string } = {},
): Promise<ShownKey> {
  const text = newKeyText();
  return { key: await store.createKey({ application, name, ...imprintOf(text), ...options }), text };
}

/** Exchanges a key: from now on the new one opens what the old one did. */
export async function rotateKey(
  store: Store,
  application: string,
  id: string,
  actor?: string,
): Promise<ShownKey> {
  const text = newKeyText();
  return { key: await store.rotateKey(application, id, imprintOf(text), actor), text };
}

/** Makes a key of the caller's own choice valid for the default application, once. */
export async function ensureKey(store: Store, text: string, name: string): Promise<void> {
  await store.ensureKey({
    application: DEFAULT_APPLICATION,
    name,
    ...imprintOf(text),
  });
}

/** What the key opens; undefined for unknown, revoked and malformed ones alike. */
export async function checkKey(store: Store, text: string): Promise<KeyGrant | undefined> {
  const hash = hashKey(text);
  const grant = await store.findKey(hash);
  if (grant === undefined || !timingSafeEqual(hash, grant.hash)) return undefined;
  if (grant.lastUsedMs === null || Date.now() - grant.lastUsedMs > TOUCH_INTERVAL_MS) {
    // Nobody waits for this: a failure shows at the next write that matters.
    store.touchKey(grant.keyId).catch(() => undefined);
  }
  return grant;
}

function hashKey(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}

function imprintOf(text: string): KeyImprint {
  return { prefix: prefixOf(text), hash: hashKey(text) };
}

function prefixOf(text: string): string {
  // A short key of somebody's own choice must not be given away by its prefix.
  return text.slice(0, Math.min(PREFIX_LENGTH, Math.floor(text.length / 3)));
}
