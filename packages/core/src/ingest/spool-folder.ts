/** Where a process's spool is, and that nobody else can read it. */
import { type SpoolOptions } from "./delivery-options.ts";
import { type NodeModules } from "./node-modules.ts";

/** `destination` names platform and key without telling the key: events of one never go to another. */
export function spoolFolder(node: NodeModules, options: SpoolOptions, destination: string): string {
  return node.path.join(options.directory ?? defaultDirectory(node), destination);
}

/**
 * Makes the folder if need be. In a shared temporary directory somebody else may have made it first, to read what is
 * written there.
 *
 * @throws what the file system throws, or an error that names a folder which others can write to or read.
 */
export function ensurePrivateFolder(node: NodeModules, folder: string): void {
  node.fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const me = process.getuid?.();
  if (me === undefined) return;
  const parent = node.path.dirname(folder);
  for (const path of parent === defaultDirectory(node) ? [parent, folder] : [folder]) {
    const { uid, mode } = node.fs.lstatSync(path);
    if (uid === me && (mode & 0o077) === 0) continue;
    throw new Error(
      `The folder ${path} belongs to user ${uid} with mode ${(mode & 0o777).toString(8)}; it must be this user's alone (700).`,
    );
  }
}

function defaultDirectory(node: NodeModules): string {
  return node.path.join(node.os.tmpdir(), `payi-spool-${process.getuid?.() ?? node.os.userInfo().username}`);
}
