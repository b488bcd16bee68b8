/** OpenAI's images, video, speech, transcription, embeddings, moderation. */
import { type PriceCase, casesOf } from "./price-case.ts";

const at = casesOf({
  category: "system.openai",
  at: "2026-09-10T12:00:00Z",
  source: "https://developers.openai.com/api/docs/pricing",
});

/** OpenAI's images, video, speech, transcription, embeddings, moderation. */
export const openaiMediaCases: readonly PriceCase[] = [
  at("image model gpt-image-2.5-sunburst", "gpt-image-2.5-sunburst", {}, [
    "text.input 50 × 5.00 / 1000000 = 0.00025",
    "text_cache_read.input 20 × 1.25 / 1000000 = 0.000025",
    "vision.input 323 × 8.00 / 1000000 = 0.002584",
    "vision_cache_read.input 111 × 2.00 / 1000000 = 0.000222",
    "image.output 1056 × 30.00 / 1000000 = 0.03168",
  ]),
  at("image model gpt-image-2.5-flare", "gpt-image-2.5-flare", {}, [
    "text.input 50 × 5.00 / 1000000 = 0.00025",
    "text_cache_read.input 20 × 1.25 / 1000000 = 0.000025",
    "vision.input 323 × 8.00 / 1000000 = 0.002584",
    "vision_cache_read.input 111 × 2.00 / 1000000 = 0.000222",
    "image.output 1056 × 30.00 / 1000000 = 0.03168",
  ]),
  at("image model gpt-image-2", "gpt-image-2", {}, [
    "text.input 50 × 5.00 / 1000000 = 0.00025",
    "text_cache_read.input 20 × 1.25 / 1000000 = 0.000025",
    "vision.input 323 × 8.00 / 1000000 = 0.002584",
    "vision_cache_read.input 111 × 2.00 / 1000000 = 0.000222",
    "image.output 1056 × 30.00 / 1000000 = 0.03168",
  ]),
  at("image model gpt-image-1.5", "gpt-image-1.5", {}, [
    "text.input 50 × 5.00 / 1000000 = 0.00025",
    "text_cache_read.input 20 × 1.25 / 1000000 = 0.000025",
    "vision.input 323 × 8.00 / 1000000 = 0.002584",
    "vision_cache_read.input 111 × 2.00 / 1000000 = 0.000222",
    "text.output 9 × 10.00 / 1000000 = 0.00009",
    "image.output 1056 × 32.00 / 1000000 = 0.033792",
  ]),
  at("image model gpt-image-1-mini", "gpt-image-1-mini", {}, [
    "text.input 50 × 2.00 / 1000000 = 0.0001",
    "text_cache_read.input 20 × 0.20 / 1000000 = 0.000004",
    "vision.input 323 × 2.50 / 1000000 = 0.0008075",
    "vision_cache_read.input 111 × 0.25 / 1000000 = 0.00002775",
    "image.output 1056 × 8.00 / 1000000 = 0.008448",
  ]),
  at("image model gpt-image-1", "gpt-image-1", {}, [
    "text.input 50 × 5.00 / 1000000 = 0.00025",
    "text_cache_read.input 20 × 1.25 / 1000000 = 0.000025",
    "vision.input 323 × 10.00 / 1000000 = 0.00323",
    "vision_cache_read.input 111 × 2.50 / 1000000 = 0.0002775",
    "image.output 1056 × 40.00 / 1000000 = 0.04224",
  ]),
  at("image model chatgpt-image-latest", "chatgpt-image-latest", {}, [
    "text.input 50 × 5.00 / 1000000 = 0.00025",
    "text_cache_read.input 20 × 1.25 / 1000000 = 0.000025",
    "vision.input 323 × 8.00 / 1000000 = 0.002584",
    "vision_cache_read.input 111 × 2.00 / 1000000 = 0.000222",
    "text.output 9 × 10.00 / 1000000 = 0.00009",
    "image.output 1056 × 32.00 / 1000000 = 0.033792",
  ]),
  at("image model gpt-image-2 in batch", "gpt-image-2", { tier: "batch" }, [
    "text.input 50 × 2.50 / 1000000 = 0.000125",
    "text_cache_read.input 20 × 0.625 / 1000000 = 0.0000125",
    "vision.input 323 × 4.00 / 1000000 = 0.001292",
    "vision_cache_read.input 111 × 1.00 / 1000000 = 0.000111",
    "image.output 1056 × 15.00 / 1000000 = 0.01584",
  ]),
  at("image model gpt-image-1.5 in batch", "gpt-image-1.5", { tier: "batch" }, [
    "text.input 50 × 2.50 / 1000000 = 0.000125",
    "text_cache_read.input 20 × 0.63 / 1000000 = 0.0000126",
    "vision.input 323 × 4.00 / 1000000 = 0.001292",
    "vision_cache_read.input 111 × 1.00 / 1000000 = 0.000111",
    "text.output 9 × 5.00 / 1000000 = 0.000045",
    "image.output 1056 × 16.00 / 1000000 = 0.016896",
  ]),
  at("image model gpt-image-1-mini in batch", "gpt-image-1-mini", { tier: "batch" }, [
    "text.input 50 × 1.00 / 1000000 = 0.00005",
    "text_cache_read.input 20 × 0.10 / 1000000 = 0.000002",
    "vision.input 323 × 1.25 / 1000000 = 0.00040375",
    "vision_cache_read.input 111 × 0.13 / 1000000 = 0.00001443",
    "image.output 1056 × 4.00 / 1000000 = 0.004224",
  ]),
  at("image model gpt-image-1 in batch", "gpt-image-1", { tier: "batch" }, [
    "text.input 50 × 2.50 / 1000000 = 0.000125",
    "text_cache_read.input 20 × 0.63 / 1000000 = 0.0000126",
    "vision.input 323 × 5.00 / 1000000 = 0.001615",
    "vision_cache_read.input 111 × 1.25 / 1000000 = 0.00013875",
    "image.output 1056 × 20.00 / 1000000 = 0.02112",
  ]),
  at("image model chatgpt-image-latest in batch", "chatgpt-image-latest", { tier: "batch" }, [
    "text.input 50 × 2.50 / 1000000 = 0.000125",
    "text_cache_read.input 20 × 0.63 / 1000000 = 0.0000126",
    "vision.input 323 × 4.00 / 1000000 = 0.001292",
    "vision_cache_read.input 111 × 1.00 / 1000000 = 0.000111",
    "text.output 9 × 5.00 / 1000000 = 0.000045",
    "image.output 1056 × 16.00 / 1000000 = 0.016896",
  ]),
  at("sora-2 720p", "sora-2", {}, ["video_seconds@720p.output 12 × 0.10 / 1 = 1.2"]),
  at("sora-2 720p in batch", "sora-2", { tier: "batch" }, ["video_seconds@720p.output 12 × 0.05 / 1 = 0.6"]),
  at("sora-2-pro 720p", "sora-2-pro", {}, ["video_seconds@720p.output 12 × 0.30 / 1 = 3.6"]),
  at("sora-2-pro 720p in batch", "sora-2-pro", { tier: "batch" }, [
    "video_seconds@720p.output 12 × 0.15 / 1 = 1.8",
  ]),
  at("sora-2-pro 1024p", "sora-2-pro", {}, ["video_seconds@1024p.output 12 × 0.50 / 1 = 6"]),
  at("sora-2-pro 1024p in batch", "sora-2-pro", { tier: "batch" }, [
    "video_seconds@1024p.output 12 × 0.25 / 1 = 3",
  ]),
  at("sora-2-pro 1080p", "sora-2-pro", {}, ["video_seconds@1080p.output 12 × 0.70 / 1 = 8.4"]),
  at("sora-2-pro 1080p in batch", "sora-2-pro", { tier: "batch" }, [
    "video_seconds@1080p.output 12 × 0.35 / 1 = 4.2",
  ]),
  at("speech by the character", "tts-1", {}, ["characters.input 4096 × 15 / 1000000 = 0.06144"]),
  at("speech by the character, high definition", "tts-1-hd", {}, [
    "characters.input 4096 × 30 / 1000000 = 0.12288",
  ]),
  at("speech by audio token", "gpt-4o-mini-tts", {}, [
    "text.input 200 × 0.6 / 1000000 = 0.00012",
    "audio.output 1500 × 12 / 1000000 = 0.018",
  ]),
  at("audio in and out", "gpt-audio", {}, [
    "text.input 100 × 2.5 / 1000000 = 0.00025",
    "audio.input 1000 × 32 / 1000000 = 0.032",
    "text.output 50 × 10 / 1000000 = 0.0005",
    "audio.output 500 × 64 / 1000000 = 0.032",
  ]),
  at("realtime with cached audio", "gpt-realtime", {}, [
    "text.input 100 × 4 / 1000000 = 0.0004",
    "text_cache_read.input 60 × 0.4 / 1000000 = 0.000024",
    "audio.input 1000 × 32 / 1000000 = 0.032",
    "audio_cache_read.input 700 × 0.4 / 1000000 = 0.00028",
    "text.output 50 × 16 / 1000000 = 0.0008",
    "audio.output 500 × 64 / 1000000 = 0.032",
  ]),
  at("transcription by the minute", "whisper-1", {}, ["audio_seconds.input 90 × 0.36 / 3600 = 0.009"]),
  at("transcription by the minute, newer", "gpt-transcribe", {}, [
    "audio_seconds.input 61 × 0.27 / 3600 = 0.004575",
  ]),
  at("live translation", "gpt-realtime-translate", {}, [
    "audio_seconds.input 61 × 0.034 / 60 = 0.034566666666666667",
  ]),
  at("live transcription", "gpt-realtime-whisper", {}, [
    "audio_seconds.input 61 × 0.017 / 60 = 0.017283333333333333",
  ]),
  at("transcription by audio token", "gpt-4o-transcribe", {}, [
    "text.input 10 × 2.5 / 1000000 = 0.000025",
    "audio.input 600 × 2.50 / 1000000 = 0.0015",
    "text.output 50 × 10 / 1000000 = 0.0005",
  ]),
  at("transcription by audio token, mini", "gpt-4o-mini-transcribe", {}, [
    "text.input 10 × 1.25 / 1000000 = 0.0000125",
    "audio.input 600 × 1.25 / 1000000 = 0.00075",
    "text.output 50 × 5 / 1000000 = 0.00025",
  ]),
  at("transcription by audio token in 2025", "gpt-4o-transcribe", { at: "2025-06-01T00:00:00Z" }, [
    "audio.input 600 × 6 / 1000000 = 0.0036",
    "text.output 50 × 10 / 1000000 = 0.0005",
  ]),
  at("a live voice session", "gpt-live-1", {}, [
    "live_session_second.other 95 × 0.05 / 60 = 0.079166666666666667",
  ]),
  at("an embedding", "text-embedding-3-small", {}, ["text.input 8191 × 0.02 / 1000000 = 0.00016382"]),
  at("moderation is free, and free is priced", "omni-moderation-latest", {}, [
    "text.input 1000 × 0 / 1000000 = 0",
    "vision.input 100 × 0 / 1000000 = 0",
    "text.output 10 × 0 / 1000000 = 0",
  ]),
];
