/** A loopback Bedrock that behaves by the id of the model, the same way every time. */
import { converseStream, event, exception } from "../aws-frames.ts";
import { type Http2Answer, type Http2Loopback, startHttp2 } from "../instrument/recorded/bedrock-loopback.ts";

const HEADERS = { "content-type": "application/json", "x-amzn-requestid": "request-1", "x-custom": "kept" };
const STREAM = { ...HEADERS, "content-type": "application/vnd.amazon.eventstream" };

const CONVERSE = {
  output: { message: { role: "assistant", content: [{ text: "Go to Möab." }] } },
  stopReason: "end_turn",
  usage: { inputTokens: 20, outputTokens: 30, totalTokens: 50 },
};
const INVOKE = { content: [{ type: "text", text: "Go." }], usage: { input_tokens: 20, output_tokens: 30 } };

/** Status and name of the errors that can be asked for. */
const ERRORS: Readonly<Record<string, readonly [status: number, name: string]>> = {
  "400": [400, "ValidationException"],
  "403": [403, "AccessDeniedException"],
  "404": [404, "ResourceNotFoundException"],
  "408": [408, "ModelTimeoutException"],
  "429": [429, "ThrottlingException"],
  "500": [500, "InternalServerException"],
  "503": [503, "ServiceUnavailableException"],
};

export function startBedrock(): Promise<Http2Loopback> {
  return startHttp2(({ path }) => {
    const [, which = "plain", command = ""] = /model\/([^/]+)\/(.+)$/.exec(path) ?? [];
    const error = ERRORS[which];
    if (error !== undefined) {
      const [status, name] = error;
      const body = Buffer.from(JSON.stringify({ message: `no: ${name}` }));
      return { status, headers: { ...HEADERS, "x-amzn-errortype": name }, body };
    }
    if (which === "hang" || which === "reset") return which;
    if (which === "html") {
      return { status: 502, headers: { "content-type": "text/html" }, body: Buffer.from("<html>bad</html>") };
    }
    if (which === "empty") return { status: 503, headers: {}, body: Buffer.alloc(0) };
    if (command.endsWith("stream")) return { status: 200, headers: STREAM, ...streamOf(which, command) };
    if (which === "broken") return { status: 200, headers: HEADERS, body: Buffer.from('{"output":') };
    const body = Buffer.from(JSON.stringify(command === "invoke" ? INVOKE : CONVERSE));
    return { status: 200, headers: { ...HEADERS, ...COUNTED }, body };
  });
}

const COUNTED = { "x-amzn-bedrock-input-token-count": "20", "x-amzn-bedrock-output-token-count": "30" };

function streamOf(which: string, command: string): Pick<Http2Answer, "body" | "open"> {
  const frames = command.startsWith("converse") ? converseStream(4) : invokeStream();
  if (which === "failing")
    return { body: [...frames.slice(0, 2), exception("throttlingException", "slow down")] };
  if (which === "cut")
    return { body: [...frames.slice(0, 2), (frames[2] ?? Buffer.alloc(0)).subarray(0, 20)] };
  if (which === "stall") return { body: frames.slice(0, 3), open: true };
  if (which === "one-write") return { body: Buffer.concat(frames) };
  if (which === "shred")
    return { body: frames.flatMap((frame) => [frame.subarray(0, 9), frame.subarray(9)]) };
  if (which === "damaged") {
    const damaged = Buffer.concat(frames);
    damaged[40] = (damaged[40] ?? 0) ^ 0xff;
    return { body: damaged };
  }
  return { body: frames };
}

function invokeStream(): Buffer[] {
  const chunk = (body: object): Buffer =>
    event("chunk", { bytes: Buffer.from(JSON.stringify(body)).toString("base64") });
  return [
    ...["Go ", "to ", "Möab."].map((outputText) => chunk({ outputText })),
    chunk({ "amazon-bedrock-invocationMetrics": { inputTokenCount: 20, outputTokenCount: 30 } }),
  ];
}
