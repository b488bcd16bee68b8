/** Provider answers written by hand, in the shapes that the recorded ones have. */

export const CHAT_ANSWER = {
  id: "chatcmpl-n1",
  object: "chat.completion",
  created: 1,
  model: "gpt-5-2025-08-07",
  choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: "Go to Moab." } }],
  usage: { prompt_tokens: 9, completion_tokens: 12, total_tokens: 21 },
};

export const MESSAGE_ANSWER = {
  id: "msg_1",
  type: "message",
  role: "assistant",
  model: "claude-sonnet-4-6",
  content: [{ type: "text", text: "Go to Moab." }],
  stop_reason: "end_turn",
  usage: { input_tokens: 25, output_tokens: 40 },
};

/** The events of a Messages stream with `words` text deltas: 25 tokens in, 40 out. */
export function messageStream(words: number): string[] {
  const start = {
    ...MESSAGE_ANSWER,
    content: [],
    stop_reason: null,
    usage: { input_tokens: 25, output_tokens: 1 },
  };
  return [
    event("message_start", { type: "message_start", message: start }),
    event("content_block_start", {
      type: "content_block_start",
      index: 0,
      content_block: { type: "text", text: "" },
    }),
    ...Array.from({ length: words }, (_, index) =>
      event("content_block_delta", {
        type: "content_block_delta",
        index: 0,
        delta: { type: "text_delta", text: `word ${index} of the answer ` },
      }),
    ),
    event("content_block_stop", { type: "content_block_stop", index: 0 }),
    event("message_delta", {
      type: "message_delta",
      delta: { stop_reason: "end_turn" },
      usage: { output_tokens: 40 },
    }),
    event("message_stop", { type: "message_stop" }),
  ];
}

function event(name: string, data: object): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** The events of a chat stream with `words` deltas; with usage when the request asked for it. */
export function chatStream(words: number, includeUsage = false): string[] {
  const chunk = (choices: object[], usage?: object | null): string =>
    `data: ${JSON.stringify({
      id: "chatcmpl-n2",
      object: "chat.completion.chunk",
      created: 1,
      model: "gpt-5-2025-08-07",
      choices,
      ...(usage === undefined ? {} : { usage }),
    })}\n\n`;
  const none = includeUsage ? null : undefined;
  const delta = (content: object, finish: string | null = null): object => ({
    index: 0,
    delta: content,
    finish_reason: finish,
  });
  return [
    chunk([delta({ role: "assistant", content: "" })], none),
    ...Array.from({ length: words }, (_, index) => chunk([delta({ content: `word ${index} ` })], none)),
    chunk([delta({}, "stop")], none),
    ...(includeUsage
      ? [chunk([], { prompt_tokens: 9, completion_tokens: words, total_tokens: 9 + words })]
      : []),
    "data: [DONE]\n\n",
  ];
}
