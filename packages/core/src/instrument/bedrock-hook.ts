/**
 * Finds the AWS clients of a process by the class that all of them derive from, loaded already or later.
 *
 * The SDK's own modules are CommonJS also where an application imports them, so the loader of CommonJS sees the class go
 * by. In a bundle there is nothing to see: `wrapBedrock(client)` is the way there.
 */
import { isBedrockClient } from "./aws-client.ts";
import { wrapBedrock } from "./bedrock.ts";

/** What an application's packages call the module that holds the class, now and in older versions. */
const REQUESTS: ReadonlySet<string> = new Set(["@smithy/core/client", "@smithy/smithy-client"]);
const LOADED =
  /[\\/]@smithy[\\/](?:core[\\/]dist-cjs[\\/]submodules[\\/]client|smithy-client[\\/]dist-cjs)[\\/]index\.js$/;

type Send = (this: object, ...given: unknown[]) => unknown;
type Require = (this: unknown, request: string) => unknown;

interface CommonJs {
  readonly prototype: { require: Require };
  createRequire(path: string): { readonly cache: Readonly<Record<string, { exports: unknown } | undefined>> };
}

/** Meters every Bedrock client of the process from its next call on. Returns what undoes it. */
export function adoptBedrockClients(): () => void {
  const modules = globalThis.process?.getBuiltinModule?.("node:module") as unknown as CommonJs | undefined;
  if (typeof modules?.prototype?.require !== "function") return () => undefined;
  const undo: (() => void)[] = [];
  const patched = new WeakSet<object>();
  const adopt = (loaded: unknown): void => {
    const prototype = sendingPrototype(loaded);
    if (prototype === undefined || patched.has(prototype)) return;
    patched.add(prototype);
    undo.push(patchSend(prototype));
  };
  for (const [path, loaded] of Object.entries(modules.createRequire(`${process.cwd()}/`).cache)) {
    if (LOADED.test(path)) adopt(loaded?.exports);
  }
  undo.push(watchRequire(modules, adopt));
  return () => {
    for (const restore of undo.toReversed()) restore();
  };
}

/** Shows `adopt` the class when a package asks for it. */
function watchRequire({ prototype }: CommonJs, adopt: (loaded: unknown) => void): () => void {
  const plain = prototype.require;
  let active = true;
  const payiRequire: Require = function payiRequire(request) {
    const loaded = plain.call(this, request);
    if (active && REQUESTS.has(request)) adopt(loaded);
    return loaded;
  };
  prototype.require = payiRequire;
  return () => {
    active = false;
    // Somebody who patched after us keeps the chain; ours then only passes on.
    if (prototype.require === payiRequire) prototype.require = plain;
  };
}

function sendingPrototype(loaded: unknown): { send: Send } | undefined {
  const { Client } = (loaded ?? {}) as { Client?: { prototype?: { send?: unknown } } };
  return typeof Client?.prototype?.send === "function" ? (Client.prototype as { send: Send }) : undefined;
}

function patchSend(prototype: { send: Send }): () => void {
  const plain = prototype.send;
  prototype.send = function send(...given) {
    if (isBedrockClient(this)) wrapBedrock(this);
    return plain.apply(this, given);
  };
  return () => {
    prototype.send = plain;
  };
}
