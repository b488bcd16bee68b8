/**
 * An agent's middleware: the one place in LangChain where code can be put around a model call. The limits are asked before
 * it, and everything inside belongs to one call, which the innermost layer reports.
 */
import {
  type AutoKpiOptions,
  type PayiContext,
  type TrackingOptions,
  resolveTracking,
  trackContext,
} from "@payi/core";
import {
  checkOptions,
  currentInstance,
  currentValues,
  failureOf,
  isJson,
  openCallScope,
} from "@payi/core/call";
import { type AgentMiddleware } from "langchain";

import { carefully } from "./careful.ts";
import { isFailedTool, isJump } from "./control-flow.ts";
import { type AskedModel, modelNameOf, readModel } from "./model.ts";
import { AGENT_READERS } from "./options.ts";
import { readMessage } from "./usage.ts";

/** The agent's step as resolvers see it. */
export interface AgentStep {
  /** The typed context that the run was invoked with. */
  readonly context: unknown;
  /** The agent's state: messages and what middlewares add. */
  readonly state: unknown;
}

export interface PayiAgentMiddlewareOptions extends Pick<
  TrackingOptions<AgentStep>,
  "userId" | "accountName" | "limitIds" | "requestProperties" | "useCaseStep"
> {
  /** For the instance around the agent: tools, and how answers ended. Default: none. */
  readonly kpis?: AutoKpiOptions | undefined;
  /** Asks the limits before each model call. Default true. */
  readonly checkLimits?: boolean | undefined;
}

/**
 * Put it first among the middlewares of `createAgent`: what stands outside of it may retry a refusal or fall over to
 * another model. A refusal arrives as LangChain's `MiddlewareError`; `LimitExceededError.from` finds it.
 *
 * @throws {ConfigurationError}
 *
 * @example
 * createAgent({ model, tools, middleware: [payiAgentMiddleware({ limitIds: ["daily"] })] });
 */
export function payiAgentMiddleware(options: PayiAgentMiddlewareOptions = {}): AgentMiddleware {
  checkOptions("payiAgentMiddleware", options, AGENT_READERS);
  return {
    // The brand that createMiddleware() sets: importing it would load all of LangChain.
    [Symbol.for("AgentMiddleware")]: true,
    name: "payi",
    async wrapModelCall(request, handler) {
      const { category, resource, maxOutputTokens } = describeModel(request.model);
      const context = resolveContext(options, request);
      const prompt = request.messages.map(({ content }) => content);
      const scope = openCallScope({ category, resource, maxOutputTokens, context, prompt });
      if (options.checkLimits !== false) await scope.authorize();
      try {
        const answer = await scope.run(() => handler(request));
        carefully(() => scope.settle({ ...readMessage(category, answer), outcome: "ok" }));
        return answer;
      } catch (error) {
        carefully(() => scope.settle(failureOf(error)));
        throw error;
      }
    },
    async wrapToolCall(request, handler) {
      const { id, name } = request.toolCall;
      try {
        const answer = await trackContext({ ...resolveContext(options, request), useCaseStep: name }, () =>
          handler(request),
        );
        carefully(() => countTool(options, id ?? name, isFailedTool(answer)));
        return answer;
      } catch (error) {
        carefully(() => countTool(options, id ?? name, !isJump(error)));
        throw error;
      }
    },
  } as AgentMiddleware;
}

function resolveContext(
  options: PayiAgentMiddlewareOptions,
  { runtime, state }: { readonly runtime: { readonly context?: unknown }; readonly state: unknown },
): PayiContext {
  const context = resolveTracking(options, { context: runtime.context, state });
  return { ...context, useCaseStep: context.useCaseStep ?? currentValues().useCaseStep };
}

function countTool(options: PayiAgentMiddlewareOptions, id: string, failed: boolean): void {
  const instance = currentInstance();
  if (instance === undefined) return;
  instance.addLayerKpis(options.kpis);
  instance.noteTool(id, failed);
}

/** What the model says of itself for tracing; what it is called with where it says nothing. */
function describeModel(model: unknown): AskedModel {
  let told: unknown;
  carefully(() => {
    const getLsParams = isJson(model) ? model["getLsParams"] : undefined;
    if (typeof getLsParams === "function") told = getLsParams.call(model, {});
  });
  return readModel(isJson(told) ? told : {}, { invocation_params: { model: modelNameOf(model) } });
}
