/**
 * The server-sent events of a response, one by one: `{ name, data }`, data parsed as JSON. The browser's own EventSource
 * can only GET, and a search is a POST.
 */
export async function* readEvents(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- a stream comes one piece after the other
    const { done, value } = await reader.read();
    if (done) return;
    text += value;
    const events = text.split("\n\n");
    text = events.pop();
    yield* events.map(parseEvent);
  }
}

function parseEvent(event) {
  const fields = Object.fromEntries(event.split("\n").map((line) => line.split(/: (.*)/s, 2)));
  return { name: fields.event, data: JSON.parse(fields.data) };
}
