/** Tokenizers of models that never tell their usage: the application names the file, and installs the library. */
import { ConfigurationError } from "./errors.ts";
import { type NodeModules, nodeModules } from "./ingest/node-modules.ts";
import { readString, rejectUnknown } from "./option-readers.ts";
import { type CountTokens } from "./providers/provider.ts";

/** What can be said of one model. */
export interface ModelConfig {
  /**
   * A `tokenizer.json` for a model whose answers tell no tokens: they are counted with `@huggingface/tokenizers`, which
   * the application installs. Default: such answers stay unknown, and streams are estimated.
   */
  readonly tokenizerPath?: string | undefined;
}

/** Longer texts are counted in parts: tokenizers take quadratic time for some. */
const MAX_LENGTH = 20_000;
const LIBRARY = "@huggingface/tokenizers";

/** Model id → its counter. Files and library are loaded here, at start. @throws {ConfigurationError} */
export function readModelConfigs(
  setting: string,
  given: Readonly<Record<string, ModelConfig>> | undefined,
): ReadonlyMap<string, CountTokens> {
  const counters = new Map<string, CountTokens>();
  if (given !== undefined) rejectUnknown(`${setting}.`, given, Object.keys(given));
  for (const [model, config] of Object.entries(given ?? {})) {
    const name = `${setting}[${JSON.stringify(model)}]`;
    rejectUnknown(`${name}.`, config, ["tokenizerPath"]);
    const path = readString(`${name}.tokenizerPath`, config.tokenizerPath);
    if (path !== undefined) counters.set(model, openTokenizer(`${name}.tokenizerPath`, path));
  }
  return counters;
}

function openTokenizer(setting: string, path: string): CountTokens {
  const node = nodeModules();
  if (node === undefined) {
    throw new ConfigurationError(
      setting,
      `${setting} needs a file system, and this runtime has none. Leave it out.`,
    );
  }
  const Tokenizer = loadLibrary(setting, node);
  try {
    const tokenizer = new Tokenizer(JSON.parse(node.fs.readFileSync(path, "utf8")), {});
    tokenizer.encode("ready");
    return (text) => countWith(tokenizer, text);
  } catch (error) {
    throw new ConfigurationError(
      setting,
      `${setting} is ${JSON.stringify(path)}, which is no tokenizer.json that ${LIBRARY} can read: ${String(error)}`,
    );
  }
}

interface Tokenizer {
  encode(text: string, options?: { add_special_tokens?: boolean }): { readonly ids: readonly number[] };
}

/** The application's copy, found from where it runs. */
function loadLibrary(
  setting: string,
  node: NodeModules,
): new (tokenizer: unknown, config: object) => Tokenizer {
  for (const from of [`${process.cwd()}/`, import.meta.url]) {
    try {
      const library = node.module.createRequire(from)(LIBRARY) as { readonly Tokenizer?: unknown };
      if (typeof library.Tokenizer === "function") {
        return library.Tokenizer as new (tokenizer: unknown, config: object) => Tokenizer;
      }
    } catch {
      // Not found from here.
    }
  }
  throw new ConfigurationError(
    setting,
    `${setting} needs the package ${LIBRARY}, which is not installed. Run: npm install ${LIBRARY}`,
  );
}

function countWith(tokenizer: Tokenizer, text: string): number {
  let tokens = 0;
  for (let at = 0; at < text.length; at += MAX_LENGTH) {
    tokens += tokenizer.encode(text.slice(at, at + MAX_LENGTH), { add_special_tokens: false }).ids.length;
  }
  return tokens;
}
