/** The chain of LangChain's contestants: prompt and model, which answers in process. */
import { type CallbackManagerForLLMRun } from "@langchain/core/callbacks/manager";
import { BaseChatModel } from "@langchain/core/language_models/chat_models";
import { AIMessage, AIMessageChunk, type BaseMessage } from "@langchain/core/messages";
import { type ChatResult, ChatGenerationChunk } from "@langchain/core/outputs";
import { RunnableLambda, type RunnableSequence } from "@langchain/core/runnables";

const text = "Go to Moab. ".repeat(20);
/** As integrations set it; the declared fields of a message infer it from tools that are not there. */
const told = {
  usage_metadata: {
    input_tokens: 900,
    output_tokens: 120,
    total_tokens: 1020,
    input_token_details: { cache_read: 300 },
    output_token_details: { reasoning: 20 },
  },
  response_metadata: { model_name: "gpt-5-2025-08-07", finish_reason: "stop" },
};
let answers = 0;

function nextId(): string {
  answers += 1;
  return `chatcmpl-${answers}`;
}

class InProcessModel extends BaseChatModel {
  override _llmType(): string {
    return "in-process";
  }

  override getLsParams(): { ls_provider: string; ls_model_name: string; ls_model_type: "chat" } {
    return { ls_provider: "openai", ls_model_name: "gpt-5", ls_model_type: "chat" };
  }

  override async _generate(): Promise<ChatResult> {
    const message = Object.assign(new AIMessage({ content: text, id: nextId() }), told);
    return { generations: [{ text, message }] };
  }

  override async *_streamResponseChunks(
    _messages: BaseMessage[],
    _options: unknown,
    runManager?: CallbackManagerForLLMRun,
  ): AsyncGenerator<ChatGenerationChunk> {
    const id = nextId();
    for (let index = 0; index < 100; index += 1) {
      const chunk = new ChatGenerationChunk({
        text: "trail ",
        message: new AIMessageChunk({ content: "trail ", id }),
      });
      yield chunk;
      await runManager?.handleLLMNewToken("trail ", undefined, undefined, undefined, undefined, { chunk });
    }
    const message = Object.assign(new AIMessageChunk({ content: "", id }), told);
    yield new ChatGenerationChunk({ text: "", message });
  }
}

export const INPUT: string = "Find me a trail near Moab, Utah. ".repeat(40);

export function createChain(): RunnableSequence<string> {
  return RunnableLambda.from((place: string) => place).pipe(
    new InProcessModel({}),
  ) as RunnableSequence<string>;
}
