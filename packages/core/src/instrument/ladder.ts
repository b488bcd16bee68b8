/**
 * Does to a request what the limits' ladders ask: another model, less output. Only where a ladder is configured and a step
 * of it is reached; signed requests, streams and bodies that are not JSON text stay as they are, and the event says so.
 */
import { type Call } from "../call.ts";
import { planChange } from "../limits/ladder-plan.ts";
import { type Json } from "../providers/read.ts";
import { urlWithModel, withModel, withOutputBound } from "../providers/request-change.ts";
import { type AwsArguments } from "./aws-client.ts";
import { type Metered } from "./recognise.ts";
import { parseBody } from "./request-body.ts";
import { initOf } from "./request-input.ts";

/** The request as it is to leave; the very one where nothing has to change. */
export function degrade(metered: Metered): Metered {
  const { call, input, init } = metered;
  if (call.steps.length === 0) return metered;
  const plan = planChange(call.steps, call.request.model, call.request.maxOutputTokens);
  const skipped: string[] = [];
  const body = mayChange(metered) ? parseBody(metered.body) : undefined;
  let changed: Json | undefined = body;
  let { url } = metered;
  let { model, maxOutputTokens } = plan;
  if (model !== undefined) {
    const other = body === undefined ? undefined : withModel(call.match, body, model);
    const elsewhere = body === undefined ? undefined : urlWithModel(call.match, url, model);
    if (other === undefined && elsewhere === undefined) {
      skipped.push("switch_model");
      model = undefined;
    }
    changed = other ?? changed;
    url = elsewhere ?? url;
  }
  if (maxOutputTokens !== undefined) {
    const capped = changed === undefined ? undefined : withOutputBound(call.match, changed, maxOutputTokens);
    if (capped === undefined) {
      skipped.push("cap_output");
      maxOutputTokens = undefined;
    }
    changed = capped ?? changed;
  }
  if (model === undefined && maxOutputTokens === undefined) {
    if (skipped.length > 0) call.noteChange({ model, maxOutputTokens, skipped });
    return metered;
  }
  call.noteChange({ model, maxOutputTokens, skipped });
  const stays = url === metered.url;
  return {
    ...metered,
    url,
    input: stays ? input : url.href,
    init: withBody(
      stays || !(input instanceof Request) ? init : { ...initOf(input), ...init },
      headersOf(metered),
      JSON.stringify(changed),
    ),
    originalBody: alsoOriginal(metered, call, { model, maxOutputTokens }),
  };
}

/** A body that was signed, or that is no text, must stay as it is. */
function mayChange(metered: Metered): boolean {
  if (typeof metered.body !== "string") return false;
  return headersOf(metered).get("authorization")?.startsWith("AWS4-") !== true;
}

function headersOf({ input, init }: Metered): Headers {
  return new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
}

function withBody(init: RequestInit | undefined, headers: Headers, body: string): RequestInit {
  const changed: RequestInit = { ...init, body };
  if (!headers.has("content-length")) return changed;
  headers.delete("content-length");
  return { ...changed, headers };
}

/** What is sent where the provider objects to our own question, changed in the same way. */
function alsoOriginal(
  { originalBody }: Metered,
  { match }: Call,
  change: { readonly model: string | undefined; readonly maxOutputTokens: number | undefined },
): string | undefined {
  const body = originalBody === undefined ? undefined : parseBody(originalBody);
  if (body === undefined) return undefined;
  let changed: Json = body;
  if (change.model !== undefined) changed = withModel(match, changed, change.model) ?? changed;
  if (change.maxOutputTokens !== undefined) {
    changed = withOutputBound(match, changed, change.maxOutputTokens) ?? changed;
  }
  return JSON.stringify(changed);
}

/** The same for a command of the AWS client, which is signed later. InvokeModel's body is the model's own: it stays. */
export function degradeCommand(call: Call, given: AwsArguments): AwsArguments {
  if (call.steps.length === 0) return given;
  const plan = planChange(call.steps, call.request.model, call.request.maxOutputTokens);
  const converses = call.match.api.startsWith("converse");
  const skipped: string[] = [];
  let { input } = given;
  let { model, maxOutputTokens } = plan;
  if (model !== undefined) {
    if (converses) input = { ...input, modelId: model };
    else {
      skipped.push("switch_model");
      model = undefined;
    }
  }
  if (maxOutputTokens !== undefined) {
    const capped = converses ? withOutputBound(call.match, input, maxOutputTokens) : undefined;
    if (capped === undefined) {
      skipped.push("cap_output");
      maxOutputTokens = undefined;
    }
    input = capped ?? input;
  }
  if ((model ?? maxOutputTokens) === undefined && skipped.length === 0) return given;
  call.noteChange({ model, maxOutputTokens, skipped });
  return input === given.input ? given : { ...given, input };
}
