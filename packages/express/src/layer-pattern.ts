/**
 * How the application spells what a layer of a router matched. Router 2.3 tells the pattern; Express 4 has made a regular
 * expression of it, and routers 2.0 to 2.2 only functions that match.
 *
 * Invariant: of a concrete path only what the pattern fixes is kept, never what a parameter stands for.
 */

/** What is read of a layer, by whichever router made it. */
export interface Layer {
  readonly route?: unknown;
  readonly handle?: unknown;
  /** True of what is used without a path. */
  readonly slash?: boolean;
  /** Router 2.3: the path as it was given, arrays flattened. */
  readonly rawPath?: unknown;
  /** Router 2: one function for each path that was given. */
  readonly matchers?: readonly Matcher[];
  /** Express 4. */
  readonly regexp?: RegExp & { readonly fast_slash?: boolean };
  readonly keys?: readonly { readonly name: string | number }[];
}
interface Match {
  readonly path: string;
  readonly params: Readonly<Record<string, unknown>>;
}
type Matcher = (path: string) => Match | false;

export interface Step {
  readonly pattern: string;
  /** What is left of the path; begins with a slash. */
  readonly rest: string;
}

/** What `layer` takes of `path`; undefined where it does not match. Throws what the router throws. */
export function take(layer: Layer, path: string): Step | undefined {
  const { slash, regexp, keys = [], matchers = [] } = layer;
  if (slash === true || regexp?.fast_slash === true) return { pattern: "", rest: path };
  if (regexp !== undefined) return takeByRegExp(regexp, keys, path);
  for (const [index, matcher] of matchers.entries()) {
    const match = matcher(path);
    if (match === false) continue;
    const told: unknown = [layer.rawPath].flat()[index];
    return step(told === undefined ? probe(matcher, match, path) : readPattern(told), match.path, path);
  }
  return undefined;
}

/** A path as it was given to Express, or what a regular expression says of it. */
export function readPattern(path: unknown): string {
  if (path instanceof RegExp) return unescape(path.source);
  return typeof path === "string" ? path : "";
}

function step(pattern: string, taken: string, path: string): Step {
  const rest = path.slice(taken.length);
  const trimmed = pattern.endsWith("/") ? pattern.slice(0, -1) : pattern;
  return { pattern: trimmed, rest: rest.startsWith("/") ? rest : `/${rest}` };
}

function takeByRegExp(regexp: RegExp, keys: NonNullable<Layer["keys"]>, path: string): Step | undefined {
  if (path.search(regexp) === -1) return undefined;
  // The indices of its groups are what Express did not ask for.
  const flags = regexp.flags.replaceAll(/[dgy]/g, "");
  const match = new RegExp(regexp.source, `${flags}d`).exec(path);
  if (match?.indices === undefined) return undefined;
  const spelling = unescape(regexp.source);
  // What the routers of Express 4 add to a path that was given as text.
  if (!/\(\?=\/\|\$\)|\/\?\$/.test(spelling)) return step(spelling, match[0], path);
  let pattern = "";
  let done = match.index;
  for (const [index, key] of keys.entries()) {
    const [start, end] = match.indices[index + 1] ?? [-1, -1];
    // A parameter that is missing, or a group inside of another one.
    if (start < done) continue;
    pattern += spell(path.slice(done, start), spelling);
    pattern += typeof key.name === "string" ? `:${key.name}` : "*";
    done = end;
  }
  pattern += spell(path.slice(done, match.index + match[0].length), spelling);
  return step(pattern, match[0], path);
}

/** `text` in the letters of the pattern, without the segments that the pattern does not have. */
function spell(text: string, pattern: string): string {
  const segments = text.split("/").map((segment) => {
    const at = pattern.toLowerCase().indexOf(segment.toLowerCase());
    return at === -1 ? "" : pattern.slice(at, at + segment.length);
  });
  return segments.join("/");
}

function unescape(source: string): string {
  return source.replaceAll(/\\(.)/g, "$1");
}

/** The matcher is asked for each letter, and takes as long as the path is. */
const MAX_PROBED = 512;

/** What is fixed stops matching when a letter of it is another; what is not changes a parameter. */
function probe(matcher: Matcher, { path: taken, params }: Match, path: string): string {
  // A regular expression may match what no parameter stands for.
  if (matcher.name === "regexpMatcher" || taken.length > MAX_PROBED) return "";
  let pattern = "";
  let before: string | undefined;
  // What is encoded goes as a whole: a part of it could not be decoded.
  for (const { 0: letter, index } of taken.matchAll(/(?:%[\da-f]{2})+|[^]/gi)) {
    const other = letter.toLowerCase() === "x" ? "y" : "x";
    const match = matcher(path.slice(0, index) + other + path.slice(index + letter.length));
    const isAsLong = match !== false && match.path.length === taken.length + other.length - letter.length;
    const name = isAsLong ? changedParameter(params, match.params) : undefined;
    if (name === undefined) pattern += letter;
    else if (name !== before) pattern += `:${name}`;
    before = name;
  }
  return pattern;
}

function changedParameter(before: Match["params"], after: Match["params"]): string | undefined {
  return Object.keys(before).find((name) => String(before[name]) !== String(after[name]));
}
