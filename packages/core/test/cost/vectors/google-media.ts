/** Google: grounding, cache storage, media, Claude on Vertex. */
import { type PriceCase, casesOf } from "./price-case.ts";

const at = casesOf({
  category: "system.google.vertex",
  at: "2026-09-10T12:00:00Z",
  source: "https://ai.google.dev/gemini-api/docs/pricing",
});

/** Google: grounding, cache storage, media, Claude on Vertex. */
export const googleMediaCases: readonly PriceCase[] = [
  at("grounding by query", "gemini-3.8-flash", {}, [
    "text.input 1000 × 0.75 / 1000000 = 0.00075",
    "google_search_query.other 4 × 14 / 1000 = 0.056",
    "google_maps_query.other 1 × 14 / 1000 = 0.014",
  ]),
  at("grounding by prompt", "gemini-2.5-flash", {}, [
    "text.input 1000 × 0.3 / 1000000 = 0.0003",
    "grounded_prompt.other 1 × 35 / 1000 = 0.035",
    "grounded_maps_prompt.other 1 × 25 / 1000 = 0.025",
  ]),
  at("cache storage, Pro", "gemini-2.5-pro", {}, [
    "text_cache_read.input 1000 × 0.125 / 1000000 = 0.000125",
    "cache_storage_token_hour.other 500000 × 4.50 / 1000000 = 2.25",
  ]),
  at("cache storage, Flash", "gemini-2.5-flash", {}, [
    "text_cache_read.input 1000 × 0.03 / 1000000 = 0.00003",
    "cache_storage_token_hour.other 500000 × 1.00 / 1000000 = 0.5",
  ]),
  at("cache storage at the introductory price", "gemini-3.8-flash", {}, [
    "text_cache_read.input 1000 × 0.075 / 1000000 = 0.000075",
    "cache_storage_token_hour.other 500000 × 0.50 / 1000000 = 0.25",
  ]),
  at("cache storage afterwards", "gemini-3.8-flash", { at: "2027-02-01T00:00:00Z" }, [
    "text_cache_read.input 1000 × 0.15 / 1000000 = 0.00015",
    "cache_storage_token_hour.other 500000 × 1.00 / 1000000 = 0.5",
  ]),
  at("imagen-4.0-fast-generate-001", "imagen-4.0-fast-generate-001", {}, [
    "images.output 3 × 0.02 / 1 = 0.06",
  ]),
  at("imagen-4.0-fast-generate-001 under Pay-i’s unit name", "imagen-4.0-fast-generate-001", {}, [
    "image.output 3 × 0.02 / 1 = 0.06",
  ]),
  at("imagen-4.0-fast-generate-001 at a size that does not matter", "imagen-4.0-fast-generate-001", {}, [
    "images@2k.output 3 × 0.02 / 1 = 0.06",
  ]),
  at("imagen-4.0-generate-001", "imagen-4.0-generate-001", {}, ["images.output 3 × 0.04 / 1 = 0.12"]),
  at("imagen-4.0-generate-001 under Pay-i’s unit name", "imagen-4.0-generate-001", {}, [
    "image.output 3 × 0.04 / 1 = 0.12",
  ]),
  at("imagen-4.0-generate-001 at a size that does not matter", "imagen-4.0-generate-001", {}, [
    "images@2k.output 3 × 0.04 / 1 = 0.12",
  ]),
  at("imagen-4.0-ultra-generate-001", "imagen-4.0-ultra-generate-001", {}, [
    "images.output 3 × 0.06 / 1 = 0.18",
  ]),
  at("imagen-4.0-ultra-generate-001 under Pay-i’s unit name", "imagen-4.0-ultra-generate-001", {}, [
    "image.output 3 × 0.06 / 1 = 0.18",
  ]),
  at("imagen-4.0-ultra-generate-001 at a size that does not matter", "imagen-4.0-ultra-generate-001", {}, [
    "images@2k.output 3 × 0.06 / 1 = 0.18",
  ]),
  at("veo-3.1-generate-preview 720p", "veo-3.1-generate-preview", {}, [
    "video_seconds@720p.output 8 × 0.40 / 1 = 3.2",
  ]),
  at("veo-3.1-generate-preview 1080p", "veo-3.1-generate-preview", {}, [
    "video_seconds@1080p.output 8 × 0.40 / 1 = 3.2",
  ]),
  at("veo-3.1-generate-preview 4k", "veo-3.1-generate-preview", {}, [
    "video_seconds@4k.output 8 × 0.60 / 1 = 4.8",
  ]),
  at("veo-3.1-fast-generate-preview 720p", "veo-3.1-fast-generate-preview", {}, [
    "video_seconds@720p.output 8 × 0.15 / 1 = 1.2",
  ]),
  at("veo-3.1-fast-generate-preview 1080p", "veo-3.1-fast-generate-preview", {}, [
    "video_seconds@1080p.output 8 × 0.15 / 1 = 1.2",
  ]),
  at("veo-3.1-fast-generate-preview 4k", "veo-3.1-fast-generate-preview", {}, [
    "video_seconds@4k.output 8 × 0.35 / 1 = 2.8",
  ]),
  at(
    "video of unknown size where the size matters",
    "veo-3.1-generate-preview",
    { status: "unknown_unit", units: { video_seconds: [0, 8] } },
    [],
  ),
  at("veo-3.0-generate-001", "veo-3.0-generate-001", {}, ["video_seconds.output 8 × 0.40 / 1 = 3.2"]),
  at("veo-3.0-fast-generate-001", "veo-3.0-fast-generate-001", {}, [
    "video_seconds.output 8 × 0.15 / 1 = 1.2",
  ]),
  at("veo-2.0-generate-001", "veo-2.0-generate-001", {}, ["video_seconds.output 8 × 0.35 / 1 = 2.8"]),
  at("a song", "lyria-3-pro-preview", {}, ["songs.output 1 × 0.08 / 1 = 0.08"]),
  at("a clip", "lyria-3-clip-preview", {}, ["songs.output 2 × 0.04 / 1 = 0.08"]),
  at("gemini-2.5-flash-image: text and picture", "gemini-2.5-flash-image", {}, [
    "text.input 100 × 0.3 / 1000000 = 0.00003",
    "text.output 20 × 2.5 / 1000000 = 0.00005",
    "image.output 1120 × 30 / 1000000 = 0.0336",
  ]),
  at("gemini-2.5-flash-image in batch", "gemini-2.5-flash-image", { tier: "batch" }, [
    "text.input 100 × 0.15 / 1000000 = 0.000015",
    "text.output 20 × 1.25 / 1000000 = 0.000025",
    "image.output 1120 × 15 / 1000000 = 0.0168",
  ]),
  at("gemini-3.1-flash-image: text and picture", "gemini-3.1-flash-image", {}, [
    "text.input 100 × 0.5 / 1000000 = 0.00005",
    "text.output 20 × 3 / 1000000 = 0.00006",
    "image.output 1120 × 60 / 1000000 = 0.0672",
  ]),
  at("gemini-3.1-flash-image in batch", "gemini-3.1-flash-image", { tier: "batch" }, [
    "text.input 100 × 0.25 / 1000000 = 0.000025",
    "text.output 20 × 1.50 / 1000000 = 0.00003",
    "image.output 1120 × 30 / 1000000 = 0.0336",
  ]),
  at("gemini-3-pro-image: text and picture", "gemini-3-pro-image", {}, [
    "text.input 100 × 2 / 1000000 = 0.0002",
    "text.output 20 × 12 / 1000000 = 0.00024",
    "image.output 1120 × 120 / 1000000 = 0.1344",
  ]),
  at("gemini-3-pro-image in batch", "gemini-3-pro-image", { tier: "batch" }, [
    "text.input 100 × 1.00 / 1000000 = 0.0001",
    "text.output 20 × 6.00 / 1000000 = 0.00012",
    "image.output 1120 × 60 / 1000000 = 0.0672",
  ]),
  at("speech, Flash", "gemini-2.5-flash-preview-tts", {}, [
    "text.input 100 × 0.50 / 1000000 = 0.00005",
    "audio.output 2000 × 10 / 1000000 = 0.02",
  ]),
  at("speech, Pro", "gemini-2.5-pro-preview-tts", {}, [
    "text.input 100 × 1.00 / 1000000 = 0.0001",
    "audio.output 2000 × 20 / 1000000 = 0.04",
  ]),
  at("speech in batch, Flash", "gemini-2.5-flash-preview-tts", { tier: "batch" }, [
    "text.input 100 × 0.25 / 1000000 = 0.000025",
    "audio.output 2000 × 5 / 1000000 = 0.01",
  ]),
  at("speech in batch, Pro", "gemini-2.5-pro-preview-tts", { tier: "batch" }, [
    "text.input 100 × 0.50 / 1000000 = 0.00005",
    "audio.output 2000 × 10 / 1000000 = 0.02",
  ]),
  at("native audio", "gemini-2.5-flash-native-audio-preview-12-2025", {}, [
    "text.input 100 × 0.50 / 1000000 = 0.00005",
    "audio.input 1000 × 3.00 / 1000000 = 0.003",
    "video.input 258 × 3.00 / 1000000 = 0.000774",
    "text.output 20 × 2.00 / 1000000 = 0.00004",
    "audio.output 2000 × 12.00 / 1000000 = 0.024",
  ]),
  at(
    "Claude on the global endpoint",
    "claude-sonnet-4-6",
    { scope: "global", source: "https://cloud.google.com/vertex-ai/generative-ai/pricing#claude-models" },
    [
      "text.input 1000 × 3 / 1000000 = 0.003",
      "text_cache_write_1h.input 100 × 6 / 1000000 = 0.0006",
      "text.output 20 × 15 / 1000000 = 0.0003",
    ],
  ),
  at(
    "Claude in one region",
    "claude-sonnet-4-6",
    {
      scope: "region.europe-west1",
      source: "https://cloud.google.com/vertex-ai/generative-ai/pricing#claude-models",
    },
    [
      "text.input 1000 × 3 × 1.1 / 1000000 = 0.0033",
      "text_cache_read.input 500 × 0.3 × 1.1 / 1000000 = 0.000165",
      "text_cache_write_1h.input 100 × 6 × 1.1 / 1000000 = 0.00066",
      "text.output 20 × 15 × 1.1 / 1000000 = 0.00033",
    ],
  ),
  at(
    "Claude in a multi-region",
    "claude-opus-5",
    {
      scope: "datazone.eu",
      source: "https://cloud.google.com/vertex-ai/generative-ai/pricing#claude-models",
    },
    ["text.input 1000 × 5 × 1.1 / 1000000 = 0.0055", "text.output 20 × 25 × 1.1 / 1000000 = 0.00055"],
  ),
  at(
    "Claude with its date",
    "claude-haiku-4-5@20251001",
    { scope: "global", source: "https://cloud.google.com/vertex-ai/generative-ai/pricing#claude-models" },
    [
      "text.input 1000 × 1 / 1000000 = 0.001",
      "text_cache_read.input 500 × 0.10 / 1000000 = 0.00005",
      "text_cache_write.input 300 × 1.25 / 1000000 = 0.000375",
      "text_cache_write_1h.input 100 × 2 / 1000000 = 0.0002",
      "text.output 20 × 5 / 1000000 = 0.0001",
    ],
  ),
  at(
    "Claude as Pay-i names it",
    "anthropic.claude-opus-4-5",
    { scope: "global", source: "https://cloud.google.com/vertex-ai/generative-ai/pricing#claude-models" },
    [
      "text.input 1000 × 5 / 1000000 = 0.005",
      "text_cache_read.input 500 × 0.50 / 1000000 = 0.00025",
      "text_cache_write.input 300 × 6.25 / 1000000 = 0.001875",
      "text_cache_write_1h.input 100 × 10 / 1000000 = 0.001",
      "text.output 20 × 25 / 1000000 = 0.0005",
    ],
  ),
  at(
    "Claude Sonnet 5 on Vertex",
    "claude-sonnet-5",
    { scope: "global", source: "https://cloud.google.com/vertex-ai/generative-ai/pricing#claude-models" },
    [
      "text.input 1000 × 2 / 1000000 = 0.002",
      "text_cache_read.input 500 × 0.20 / 1000000 = 0.0001",
      "text_cache_write.input 300 × 2.50 / 1000000 = 0.00075",
      "text_cache_write_1h.input 100 × 4 / 1000000 = 0.0004",
      "text.output 20 × 10 / 1000000 = 0.0002",
      "web_search_request.other 1 × 10 / 1000 = 0.01",
    ],
  ),
  at(
    "Claude Opus 4.8 on Vertex, written for an hour",
    "claude-opus-4-8",
    { scope: "global", source: "https://cloud.google.com/vertex-ai/generative-ai/pricing#claude-models" },
    ["text_cache_write_1h.input 100 × 10 / 1000000 = 0.001", "text.output 20 × 25 / 1000000 = 0.0005"],
  ),
  at(
    "Claude Opus 5.5 on Vertex, written for an hour",
    "claude-opus-5-5",
    {
      scope: "global",
      source: "https://cloud.google.com/vertex-ai/generative-ai/pricing#claude-models",
      at: "2026-09-25T00:00:00Z",
    },
    ["text_cache_write_1h.input 100 × 8 / 1000000 = 0.0008", "text.output 20 × 20 / 1000000 = 0.0004"],
  ),
  at(
    "Claude Fable 5 on Vertex, written for an hour",
    "claude-fable-5",
    { scope: "global", source: "https://cloud.google.com/vertex-ai/generative-ai/pricing#claude-models" },
    ["text_cache_write_1h.input 100 × 20 / 1000000 = 0.002", "text.output 20 × 50 / 1000000 = 0.001"],
  ),
  at(
    "an older Claude has one price everywhere",
    "claude-sonnet-4@20250514",
    {
      scope: "region.us-east5",
      source: "https://cloud.google.com/vertex-ai/generative-ai/pricing#claude-models",
    },
    ["text.input 1000 × 3 / 1000000 = 0.003", "text.output 20 × 15 / 1000000 = 0.0003"],
  ),
  at("an unknown Gemini", "gemini-9-ultra", { status: "unknown_model", units: { text: [10, 10] } }, []),
];
