import { isWebStream } from "./pass-through.ts";

/** What a refusing answer says, and an answer that the application can read as if we had not. */
export async function readRefusal(
  response: Response,
): Promise<{ readonly text: string; readonly response: Response }> {
  if (!isWebStream(response.body)) return { text: await readAside(response), response };
  const text = await response.text();
  const copy = new Response(text, response);
  Object.defineProperty(copy, "url", { value: response.url, configurable: true });
  return { text, response: copy };
}

/** An answer of another class than the runtime's stays the application's; what cannot be read says nothing. */
async function readAside(response: Response): Promise<string> {
  try {
    return await response.clone().text();
  } catch {
    return "";
  }
}
