/** Earlier and preview models: OpenAI's audio and computer use, Bedrock's first generation, speech on Azure, guardrails. */
import { type PriceCase, casesOf } from "./price-case.ts";

const day = "2026-09-10T12:00:00Z";
const openai = casesOf({
  category: "system.openai",
  at: day,
  source: "https://developers.openai.com/api/docs/pricing",
});
const bedrock = casesOf({
  category: "system.aws.bedrock",
  at: day,
  source: "https://aws.amazon.com/bedrock/pricing/",
});
const azure = casesOf({
  category: "system.azureopenai",
  at: day,
  source: "https://azure.microsoft.com/en-us/pricing/details/cognitive-services/openai-service/",
});

/** Earlier and preview models. */
export const previewCases: readonly PriceCase[] = [
  openai("computer use", "computer-use-preview", {}, [
    "text.input 1001 × 3.00 / 1000000 = 0.003003",
    "text.output 101 × 12.00 / 1000000 = 0.001212",
  ]),
  openai("computer use, batch", "computer-use-preview-2025-03-11", { tier: "batch" }, [
    "text.input 1001 × 1.50 / 1000000 = 0.0015015",
    "text.output 101 × 6.00 / 1000000 = 0.000606",
  ]),
  openai("audio preview", "gpt-4o-audio-preview-2025-06-03", {}, [
    "text.input 1000 × 2.5 / 1000000 = 0.0025",
    "audio.input 101 × 40 / 1000000 = 0.00404",
    "audio.output 103 × 80 / 1000000 = 0.00824",
  ]),
  openai(
    "audio preview before its cheaper snapshot",
    "gpt-4o-audio-preview",
    { at: "2024-12-16T23:59:59Z", status: "unknown_unit", units: { audio: [101, 103] } },
    [],
  ),
  openai(
    "audio preview on the day of its cheaper snapshot",
    "gpt-4o-audio-preview",
    { at: "2024-12-17T00:00:00Z" },
    ["audio.input 101 × 40 / 1000000 = 0.00404", "audio.output 103 × 80 / 1000000 = 0.00824"],
  ),
  openai("small audio preview", "gpt-4o-mini-audio-preview-2024-12-17", {}, [
    "audio.input 101 × 10 / 1000000 = 0.00101",
    "audio.output 103 × 20 / 1000000 = 0.00206",
  ]),
  openai(
    "small audio preview on its first day",
    "gpt-4o-mini-audio-preview",
    { at: "2024-12-17T00:00:00Z" },
    ["audio.input 101 × 10 / 1000000 = 0.00101", "audio.output 103 × 20 / 1000000 = 0.00206"],
  ),
  openai(
    "small audio preview before its first day",
    "gpt-4o-mini-audio-preview",
    { at: "2024-12-16T23:59:59Z", status: "unknown_unit", units: { audio: [101, 103] } },
    [],
  ),
  openai("realtime preview, cached audio", "gpt-4o-realtime-preview-2025-06-03", {}, [
    "audio_cache_read.input 1001 × 2.50 / 1000000 = 0.0025025",
    "audio.output 103 × 80 / 1000000 = 0.00824",
  ]),
  openai("small realtime preview, cached audio", "gpt-4o-mini-realtime-preview-2024-12-17", {}, [
    "audio_cache_read.input 1001 × 0.30 / 1000000 = 0.0003003",
    "audio.output 103 × 20 / 1000000 = 0.00206",
  ]),
  bedrock("embeddings, cohere.embed-v4:0", "cohere.embed-v4:0", {}, [
    "text.input 8001 × 0.12 / 1000000 = 0.00096012",
  ]),
  bedrock("Claude 2.1", "anthropic.claude-v2:1", {}, [
    "text.input 1001 × 8.00 / 1000000 = 0.008008",
    "text.output 101 × 24.00 / 1000000 = 0.002424",
  ]),
  bedrock("Claude Instant", "anthropic.claude-instant-v1", {}, [
    "text.input 1001 × 0.80 / 1000000 = 0.0008008",
    "text.output 101 × 2.40 / 1000000 = 0.0002424",
  ]),
  bedrock("Command R", "cohere.command-r-v1:0", {}, [
    "text.input 1001 × 0.50 / 1000000 = 0.0005005",
    "text.output 101 × 1.50 / 1000000 = 0.0001515",
  ]),
  bedrock("Command R+", "cohere.command-r-plus-v1:0", {}, [
    "text.input 1001 × 3.00 / 1000000 = 0.003003",
    "text.output 101 × 15.00 / 1000000 = 0.001515",
  ]),
  bedrock("Jurassic-2 Ultra", "ai21.j2-ultra-v1", {}, [
    "text.input 1001 × 18.80 / 1000000 = 0.0188188",
    "text.output 101 × 18.80 / 1000000 = 0.0018988",
  ]),
  bedrock("Jurassic-2 Mid", "ai21.j2-mid-v1", {}, [
    "text.input 1001 × 12.50 / 1000000 = 0.0125125",
    "text.output 101 × 12.50 / 1000000 = 0.0012625",
  ]),
  bedrock("a guardrail applied by itself", "guardrail", {}, [
    "guardrail_content.other 3 × 0.15 / 1000 = 0.00045",
    "guardrail_content_image.other 2 × 0.00075 / 1 = 0.0015",
    "guardrail_topic.other 3 × 0.15 / 1000 = 0.00045",
    "guardrail_word_free.other 9 × 0 / 1 = 0",
    "guardrail_sensitive_information.other 3 × 0.10 / 1000 = 0.0003",
    "guardrail_sensitive_information_free.other 9 × 0 / 1 = 0",
    "guardrail_contextual_grounding.other 3 × 0.10 / 1000 = 0.0003",
    "guardrail_automated_reasoning.other 3 × 0.17 / 1000 = 0.00051",
  ]),
  bedrock(
    "a guardrail applied by itself on the first day of its prices",
    "guardrail",
    { at: "2024-12-01T00:00:00Z" },
    ["guardrail_content.other 3 × 0.15 / 1000 = 0.00045"],
  ),
  bedrock(
    "a guardrail applied by itself before its prices",
    "guardrail",
    { at: "2024-11-30T23:59:59Z", status: "unknown_unit", units: { guardrail_content: [3, 0] } },
    [],
  ),
  azure("speech by the hour", "whisper", {}, ["audio_seconds.input 90 × 0.36 / 3600 = 0.009"]),
  azure("speech by the hour in Foundry", "whisper-1", { category: "system.azure" }, [
    "audio_seconds.input 90 × 0.36 / 3600 = 0.009",
  ]),
];
