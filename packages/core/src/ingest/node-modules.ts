/**
 * Node's own modules, reached without an import: core also runs where there is no file system, and bundlers for such
 * places must not trip over it.
 */
/* oxlint-disable typescript/consistent-type-imports -- an import line, even of types, is what must not stand here */
export interface NodeModules {
  readonly fs: typeof import("node:fs");
  readonly os: typeof import("node:os");
  readonly path: typeof import("node:path");
  readonly zlib: typeof import("node:zlib");
  readonly crypto: typeof import("node:crypto");
  readonly module: typeof import("node:module");
  readonly stream: typeof import("node:stream");
}

/** Undefined where there is no Node with a file system. */
export function nodeModules(): NodeModules | undefined {
  // oxlint-disable-next-line typescript/unbound-method
  const load = globalThis.process?.getBuiltinModule;
  if (load === undefined) return undefined;
  const [fs, os, path] = [load("node:fs"), load("node:os"), load("node:path")];
  const [zlib, crypto, module] = [load("node:zlib"), load("node:crypto"), load("node:module")];
  return { fs, os, path, zlib, crypto, module, stream: load("node:stream") };
}
