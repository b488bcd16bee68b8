import { WireError, show } from "@payi/core/wire";
import { type FastifyInstance } from "fastify";

const MAX_DEPTH = 64;

/** Bodies are JSON of bounded depth; an empty body is "no body". Names such as `__proto__` are data like any other. */
export function registerJsonBodies(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addHook("preParsing", async (request) => {
    const encoding = request.headers["content-encoding"] ?? "identity";
    if (encoding === "identity") return;
    const message = `content-encoding ${show(encoding)} is not accepted. Send the body as it is.`;
    throw new WireError("unsupported_encoding", message);
  });
  for (const type of ["application/json", /^application\/[\w.-]+\+json(?:;|$)/]) {
    app.addContentTypeParser(type, { parseAs: "string" }, (_request, body, done) => {
      try {
        done(null, parseJson(String(body)));
      } catch (error) {
        done(error as Error);
      }
    });
  }
}

function parseJson(text: string): unknown {
  if (text.trim() === "") return undefined;
  checkDepth(text);
  try {
    return JSON.parse(storable(text)) as unknown;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new WireError("invalid_json", `The body is not JSON: ${reason}.`);
  }
}

/** A backslash that is escaped itself, or an escape of what no database keeps in a text. */
const ESCAPES = /\\\\|\\u(?:0000|d[89ab]..\\ud[c-f]..|d[89a-f]..)/gi;
const SUSPICIOUS = /\\u(?:0000|d[89a-f])/i;

/** NUL and halves of surrogate pairs become U+FFFD, as half a character of UTF-8 does. */
function storable(text: string): string {
  if (!SUSPICIOUS.test(text)) return text;
  return text.replaceAll(ESCAPES, (escape) => (escape === "\\\\" || escape.length > 6 ? escape : "\\ufffd"));
}

/** Counts brackets outside of strings, before anything is built from them. */
function checkDepth(text: string): void {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (inString) {
      if (code === 92) index += 1;
      else if (code === 34) inString = false;
    } else if (code === 34) {
      inString = true;
    } else if (code === 123 || code === 91) {
      depth += 1;
      if (depth > MAX_DEPTH) {
        throw new WireError(
          "invalid_json",
          `The body is nested deeper than ${MAX_DEPTH} levels. Send it flatter.`,
        );
      }
    } else if (code === 125 || code === 93) {
      depth -= 1;
    }
  }
}
