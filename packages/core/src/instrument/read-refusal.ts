import { isWebStream } from "./pass-through.ts";

/** What a refusing answer says, and an answer that the application can read as if we had not. Rejects where it breaks off. */
export async function readRefusal(
  response: Response,
): Promise<{ readonly text: string; readonly response: Response }> {
  const text = await response.text();
  const copy = isWebStream(response.body) ? new Response(text, response) : copyForeign(response, text);
  if (copy.url !== response.url)
    Object.defineProperty(copy, "url", { value: response.url, configurable: true });
  return { text, response: copy };
}

type ResponseClass = new (
  text: string,
  init: Pick<Response, "url" | "status" | "statusText" | "headers">,
) => Response;

/** An answer of another class than the runtime's stays one; its clone would wait for the answer itself to be read. */
function copyForeign(response: Response, text: string): Response {
  const { url, status, statusText, headers } = response;
  return new (response.constructor as ResponseClass)(text, { url, status, statusText, headers });
}
