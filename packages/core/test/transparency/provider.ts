/** A loopback provider that behaves by the path and the request's `metadata.case`, the same way every time. */
import { type Loopback, startLoopback } from "../support.ts";
import { CHAT_ANSWER, MESSAGE_ANSWER, chatStream, messageStream } from "../synthetic.ts";

const RESPONSE = {
  id: "resp_1",
  object: "response",
  created_at: 1,
  status: "completed",
  model: "gpt-5-2025-08-07",
  output: [
    {
      id: "msg_1",
      type: "message",
      role: "assistant",
      status: "completed",
      content: [{ type: "output_text", text: '{"trail":"Fins"}', annotations: [] }],
    },
  ],
  usage: { input_tokens: 9, output_tokens: 12, total_tokens: 21 },
};

const PARSED_ANSWER = {
  ...CHAT_ANSWER,
  choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: '{"trail":"Fins"}' } }],
};

const TOOL_CALL = {
  id: "call_1",
  type: "function",
  function: { name: "find_trail", arguments: '{"near":"Moab"}' },
};
const TOOL_ANSWER = {
  ...CHAT_ANSWER,
  choices: [
    {
      index: 0,
      finish_reason: "tool_calls",
      message: { role: "assistant", content: null, refusal: null, tool_calls: [TOOL_CALL] },
    },
  ],
};

function responseStream(): string[] {
  const event = (type: string, fields: object): string =>
    `event: ${type}\ndata: ${JSON.stringify({ type, ...fields })}\n\n`;
  const item = RESPONSE.output[0];
  const place = { output_index: 0, content_index: 0, item_id: "msg_1" };
  return [
    event("response.created", {
      sequence_number: 0,
      response: { ...RESPONSE, status: "in_progress", output: [] },
    }),
    event("response.output_item.added", {
      sequence_number: 1,
      output_index: 0,
      item: { ...item, content: [] },
    }),
    event("response.content_part.added", {
      ...place,
      sequence_number: 2,
      part: { type: "output_text", text: "", annotations: [] },
    }),
    event("response.output_text.delta", { ...place, sequence_number: 3, delta: '{"trail":"Fins"}' }),
    event("response.output_text.done", { ...place, sequence_number: 4, text: '{"trail":"Fins"}' }),
    event("response.output_item.done", { sequence_number: 5, output_index: 0, item }),
    event("response.completed", { sequence_number: 6, response: RESPONSE }),
  ];
}

interface Asked {
  readonly case: string;
  readonly stream: boolean;
  readonly usage: boolean;
  readonly toolsAnswered: boolean;
}

function read(body: string): Asked {
  try {
    const json = JSON.parse(body) as {
      stream?: boolean;
      stream_options?: { include_usage?: boolean };
      metadata?: { case?: string; user_id?: string };
      messages?: { role: string }[];
    };
    return {
      case: json.metadata?.case ?? json.metadata?.user_id ?? "plain",
      stream: json.stream === true,
      usage: json.stream_options?.include_usage === true,
      toolsAnswered: json.messages?.some(({ role }) => role === "tool") ?? false,
    };
  } catch {
    return { case: "plain", stream: false, usage: false, toolsAnswered: false };
  }
}

/** Status, headers and body of the errors that can be asked for. */
const ERRORS: Readonly<Record<string, readonly [status: number, body: string, type?: string]>> = {
  "400": [400, '{"error":{"type":"invalid_request_error","message":"no","code":"bad","param":null}}'],
  "401": [401, '{"error":{"type":"authentication_error","message":"who are you"}}'],
  "403": [403, '{"error":{"type":"permission_error","message":"not you"}}'],
  "404": [404, '{"error":{"type":"not_found_error","message":"nothing here"}}'],
  "409": [409, '{"error":{"type":"conflict","message":"busy"}}'],
  "422": [422, '{"error":{"type":"unprocessable","message":"field stream_options is fine"}}'],
  "429": [429, '{"error":{"type":"rate_limit_error","message":"slow down"}}'],
  "500": [500, '{"error":{"type":"api_error","message":"oops"}}'],
  "529": [529, '{"error":{"type":"overloaded_error","message":"full"}}'],
  html: [502, "<html>bad gateway</html>", "text/html"],
  empty: [503, ""],
};

export async function startProvider(): Promise<Loopback> {
  return startLoopback(async ({ url, body }, response) => {
    const asked = read(body);
    const error = ERRORS[asked.case];
    const headers = {
      "x-request-id": "req_1",
      "request-id": "req_1",
      "x-custom": "kept",
      "retry-after-ms": "1",
    };
    if (error !== undefined) {
      response
        .writeHead(error[0], { ...headers, "content-type": error[2] ?? "application/json" })
        .end(error[1]);
      return;
    }
    if (asked.case === "hang") return;
    if (asked.case === "reset") {
      response.destroy();
      return;
    }
    if (asked.stream) {
      const events = eventsOf(url, asked);
      response.writeHead(200, { ...headers, "content-type": "text/event-stream; charset=utf-8" });
      for (const [index, event] of events.entries()) {
        if (asked.case === "cut" && index === 3) {
          response.destroy();
          return;
        }
        if (asked.case === "stall" && index === 3) return;
        for (const part of asked.case === "shred" ? (event.match(/.{1,7}/gsu) ?? []) : [event]) {
          response.write(part);
          await new Promise((resolve) => setImmediate(resolve));
        }
      }
      response.end();
      return;
    }
    if (url.endsWith("/audio/speech")) {
      response.writeHead(200, { ...headers, "content-type": "audio/mpeg" }).end(Buffer.alloc(2_000, 7));
      return;
    }
    response.writeHead(200, { ...headers, "content-type": "application/json" });
    if (asked.case === "broken") response.end('{"id":"half');
    else response.end(JSON.stringify(answerTo(url, asked)));
  });
}

function eventsOf(url: string, asked: Asked): string[] {
  const failure =
    'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"busy"}}\n\n';
  const events = url.includes("/messages")
    ? messageStream(6)
    : url.includes("/responses")
      ? responseStream()
      : chatStream(6, asked.usage);
  if (asked.case === "failing")
    return [...events.slice(0, 3), url.includes("/chat") ? failure.slice(13) : failure];
  if (asked.case === "crlf") return events.map((event) => event.replaceAll("\n", "\r\n"));
  if (asked.case === "comments") return events.flatMap((event) => [": ping\n\n", event]);
  if (asked.case === "one write") return [events.join("")];
  return events;
}

function answerTo(url: string, asked: Asked): object {
  if (url.endsWith("/count_tokens")) return { input_tokens: 7 };
  if (url.includes("/messages")) return MESSAGE_ANSWER;
  if (url.includes("/responses")) return RESPONSE;
  if (url.endsWith("/embeddings")) {
    const embedding = Buffer.from(new Float32Array([0.5, 0.25]).buffer).toString("base64");
    const data = [{ object: "embedding", index: 0, embedding }];
    return {
      object: "list",
      model: "text-embedding-3-small",
      data,
      usage: { prompt_tokens: 2, total_tokens: 2 },
    };
  }
  if (url.endsWith("/moderations")) return { id: "modr_1", model: "omni-moderation-latest", results: [] };
  if (url.endsWith("/models")) return { object: "list", data: [{ id: "gpt-5", object: "model" }] };
  if (url.includes("/images/")) return { created: 1, data: [{ url: "http://127.0.0.1/picture.png" }] };
  if (url.includes("/transcriptions")) return { text: "hello", usage: { type: "duration", seconds: 3 } };
  if (url.endsWith("/v1/completions")) {
    return {
      ...CHAT_ANSWER,
      object: "text_completion",
      choices: [{ index: 0, text: "Go.", finish_reason: "stop" }],
    };
  }
  if (asked.case === "parse") return PARSED_ANSWER;
  if (asked.case === "tools") return asked.toolsAnswered ? CHAT_ANSWER : TOOL_ANSWER;
  return CHAT_ANSWER;
}
