/** Google: tiers, long prompts, modalities. */
import { type PriceCase, casesOf } from "./price-case.ts";

const at = casesOf({
  category: "system.google.vertex",
  at: "2026-09-10T12:00:00Z",
  source: "https://ai.google.dev/gemini-api/docs/pricing",
});

/** Google: tiers, long prompts, modalities. */
export const googleTextCases: readonly PriceCase[] = [
  at("thoughts are output", "gemini-2.5-pro", {}, [
    "text.input 2000 × 1.25 / 1000000 = 0.0025",
    "text.output 300 × 10 / 1000000 = 0.003",
    "reasoning.output 1200 × 10 / 1000000 = 0.012",
  ]),
  at("Pro at 200,000 tokens", "gemini-2.5-pro", {}, [
    "text.input 120000 × 1.25 / 1000000 = 0.15",
    "text_cache_read.input 80000 × 0.125 / 1000000 = 0.01",
    "text.output 10 × 10 / 1000000 = 0.0001",
  ]),
  at("Pro one token above: everything at the second price", "gemini-2.5-pro", {}, [
    "text.input 120001 × 2.5 / 1000000 = 0.3000025",
    "text_cache_read.input 80000 × 0.25 / 1000000 = 0.02",
    "text.output 10 × 15 / 1000000 = 0.00015",
  ]),
  at("audio input has its own price", "gemini-2.5-flash", {}, [
    "text.input 500 × 0.3 / 1000000 = 0.00015",
    "audio.input 3200 × 1 / 1000000 = 0.0032",
    "audio_cache_read.input 100 × 0.1 / 1000000 = 0.00001",
    "text.output 400 × 2.5 / 1000000 = 0.001",
  ]),
  at("video and images at the text price", "gemini-2.5-flash", {}, [
    "vision.input 258 × 0.3 / 1000000 = 0.0000774",
    "video.input 2630 × 0.3 / 1000000 = 0.000789",
    "vision_cache_read.input 100 × 0.03 / 1000000 = 0.000003",
    "video_cache_read.input 40 × 0.03 / 1000000 = 0.0000012",
    "text.output 40 × 2.5 / 1000000 = 0.0001",
  ]),
  at("one price for every modality", "gemini-3.8-flash", {}, [
    "audio.input 1000 × 0.75 / 1000000 = 0.00075",
    "audio_cache_read.input 200 × 0.075 / 1000000 = 0.000015",
    "text.output 40 × 3.75 / 1000000 = 0.00015",
  ]),
  at("the name as Pay-i sends it", "google.gemini-2.5-flash", {}, [
    "text.input 1000 × 0.3 / 1000000 = 0.0003",
    "text.output 40 × 2.5 / 1000000 = 0.0001",
  ]),
  at("a path of the REST API", "publishers/google/models/gemini-2.5-flash", {}, [
    "text.input 1000 × 0.3 / 1000000 = 0.0003",
    "text.output 40 × 2.5 / 1000000 = 0.0001",
  ]),
  at("gemini-2.5-pro batch", "gemini-2.5-pro", { tier: "batch" }, [
    "text.input 1001 × 0.625 / 1000000 = 0.000625625",
    "text_cache_read.input 501 × 0.125 / 1000000 = 0.000062625",
    "text.output 71 × 5.00 / 1000000 = 0.000355",
  ]),
  at("gemini-3.1-pro-preview batch", "gemini-3.1-pro-preview", { tier: "batch" }, [
    "text.input 1002 × 1.00 / 1000000 = 0.001002",
    "text_cache_read.input 502 × 0.20 / 1000000 = 0.0001004",
    "text.output 72 × 6.00 / 1000000 = 0.000432",
  ]),
  at("gemini-3.8-flash batch", "gemini-3.8-flash", { tier: "batch" }, [
    "text.input 1003 × 0.375 / 1000000 = 0.000376125",
    "text_cache_read.input 503 × 0.0375 / 1000000 = 0.0000188625",
    "text.output 73 × 1.875 / 1000000 = 0.000136875",
  ]),
  at("gemini-2.5-pro batch, long prompt", "gemini-2.5-pro", { tier: "batch" }, [
    "text.input 190000 × 1.25 / 1000000 = 0.2375",
    "text_cache_read.input 10001 × 0.25 / 1000000 = 0.00250025",
    "text.output 70 × 7.50 / 1000000 = 0.000525",
  ]),
  at("gemini-3.1-pro-preview batch, long prompt", "gemini-3.1-pro-preview", { tier: "batch" }, [
    "text.input 190000 × 2.00 / 1000000 = 0.38",
    "text_cache_read.input 10001 × 0.40 / 1000000 = 0.0040004",
    "text.output 70 × 9.00 / 1000000 = 0.00063",
  ]),
  at("gemini-2.5-flash batch", "gemini-2.5-flash", { tier: "batch" }, [
    "text.input 1004 × 0.15 / 1000000 = 0.0001506",
    "audio.input 304 × 0.50 / 1000000 = 0.000152",
    "text_cache_read.input 504 × 0.03 / 1000000 = 0.00001512",
    "audio_cache_read.input 54 × 0.10 / 1000000 = 0.0000054",
    "text.output 74 × 1.25 / 1000000 = 0.0000925",
  ]),
  at("gemini-2.5-flash-lite batch", "gemini-2.5-flash-lite", { tier: "batch" }, [
    "text.input 1005 × 0.05 / 1000000 = 0.00005025",
    "audio.input 305 × 0.15 / 1000000 = 0.00004575",
    "text_cache_read.input 505 × 0.01 / 1000000 = 0.00000505",
    "audio_cache_read.input 55 × 0.03 / 1000000 = 0.00000165",
    "text.output 75 × 0.20 / 1000000 = 0.000015",
  ]),
  at("gemini-3-flash-preview batch", "gemini-3-flash-preview", { tier: "batch" }, [
    "text.input 1006 × 0.25 / 1000000 = 0.0002515",
    "audio.input 306 × 0.50 / 1000000 = 0.000153",
    "text_cache_read.input 506 × 0.05 / 1000000 = 0.0000253",
    "audio_cache_read.input 56 × 0.10 / 1000000 = 0.0000056",
    "text.output 76 × 1.50 / 1000000 = 0.000114",
  ]),
  at("gemini-3.1-flash-lite batch", "gemini-3.1-flash-lite", { tier: "batch" }, [
    "text.input 1007 × 0.125 / 1000000 = 0.000125875",
    "audio.input 307 × 0.25 / 1000000 = 0.00007675",
    "text_cache_read.input 507 × 0.0125 / 1000000 = 0.0000063375",
    "audio_cache_read.input 57 × 0.025 / 1000000 = 0.000001425",
    "text.output 77 × 0.75 / 1000000 = 0.00005775",
  ]),
  at("gemini-3.5-flash batch", "gemini-3.5-flash", { tier: "batch" }, [
    "text.input 1000 × 0.75 / 1000000 = 0.00075",
    "text.output 70 × 4.50 / 1000000 = 0.000315",
  ]),
  at(
    "gemini-3.7-flash batch after the introductory price",
    "gemini-3.7-flash",
    { tier: "batch", at: "2027-01-01T00:00:00Z" },
    [
      "text.input 1000 × 0.75 / 1000000 = 0.00075",
      "text_cache_read.input 500 × 0.075 / 1000000 = 0.0000375",
      "text.output 70 × 3.75 / 1000000 = 0.0002625",
    ],
  ),
  at("gemini-2.5-pro flex", "gemini-2.5-pro", { tier: "flex" }, [
    "text.input 1008 × 0.625 / 1000000 = 0.00063",
    "text_cache_read.input 508 × 0.125 / 1000000 = 0.0000635",
    "text.output 78 × 5.00 / 1000000 = 0.00039",
  ]),
  at("gemini-3.1-pro-preview flex", "gemini-3.1-pro-preview", { tier: "flex" }, [
    "text.input 1009 × 1.00 / 1000000 = 0.001009",
    "text_cache_read.input 509 × 0.20 / 1000000 = 0.0001018",
    "text.output 79 × 6.00 / 1000000 = 0.000474",
  ]),
  at("gemini-3.8-flash flex", "gemini-3.8-flash", { tier: "flex" }, [
    "text.input 1010 × 0.375 / 1000000 = 0.00037875",
    "text_cache_read.input 510 × 0.0375 / 1000000 = 0.000019125",
    "text.output 80 × 1.875 / 1000000 = 0.00015",
  ]),
  at("gemini-2.5-pro flex, long prompt", "gemini-2.5-pro", { tier: "flex" }, [
    "text.input 190000 × 1.25 / 1000000 = 0.2375",
    "text_cache_read.input 10001 × 0.25 / 1000000 = 0.00250025",
    "text.output 70 × 7.50 / 1000000 = 0.000525",
  ]),
  at("gemini-3.1-pro-preview flex, long prompt", "gemini-3.1-pro-preview", { tier: "flex" }, [
    "text.input 190000 × 2.00 / 1000000 = 0.38",
    "text_cache_read.input 10001 × 0.40 / 1000000 = 0.0040004",
    "text.output 70 × 9.00 / 1000000 = 0.00063",
  ]),
  at("gemini-2.5-flash flex", "gemini-2.5-flash", { tier: "flex" }, [
    "text.input 1011 × 0.15 / 1000000 = 0.00015165",
    "audio.input 311 × 0.50 / 1000000 = 0.0001555",
    "text_cache_read.input 511 × 0.03 / 1000000 = 0.00001533",
    "audio_cache_read.input 61 × 0.10 / 1000000 = 0.0000061",
    "text.output 81 × 1.25 / 1000000 = 0.00010125",
  ]),
  at("gemini-2.5-flash-lite flex", "gemini-2.5-flash-lite", { tier: "flex" }, [
    "text.input 1012 × 0.05 / 1000000 = 0.0000506",
    "audio.input 312 × 0.15 / 1000000 = 0.0000468",
    "text_cache_read.input 512 × 0.01 / 1000000 = 0.00000512",
    "audio_cache_read.input 62 × 0.03 / 1000000 = 0.00000186",
    "text.output 82 × 0.20 / 1000000 = 0.0000164",
  ]),
  at("gemini-3-flash-preview flex", "gemini-3-flash-preview", { tier: "flex" }, [
    "text.input 1013 × 0.25 / 1000000 = 0.00025325",
    "audio.input 313 × 0.50 / 1000000 = 0.0001565",
    "text_cache_read.input 513 × 0.05 / 1000000 = 0.00002565",
    "audio_cache_read.input 63 × 0.10 / 1000000 = 0.0000063",
    "text.output 83 × 1.50 / 1000000 = 0.0001245",
  ]),
  at("gemini-3.1-flash-lite flex", "gemini-3.1-flash-lite", { tier: "flex" }, [
    "text.input 1014 × 0.125 / 1000000 = 0.00012675",
    "audio.input 314 × 0.25 / 1000000 = 0.0000785",
    "text_cache_read.input 514 × 0.0125 / 1000000 = 0.000006425",
    "audio_cache_read.input 64 × 0.025 / 1000000 = 0.0000016",
    "text.output 84 × 0.75 / 1000000 = 0.000063",
  ]),
  at("gemini-3.5-flash flex", "gemini-3.5-flash", { tier: "flex" }, [
    "text.input 1000 × 0.75 / 1000000 = 0.00075",
    "text.output 70 × 4.50 / 1000000 = 0.000315",
  ]),
  at(
    "gemini-3.7-flash flex after the introductory price",
    "gemini-3.7-flash",
    { tier: "flex", at: "2027-01-01T00:00:00Z" },
    [
      "text.input 1000 × 0.75 / 1000000 = 0.00075",
      "text_cache_read.input 500 × 0.075 / 1000000 = 0.0000375",
      "text.output 70 × 3.75 / 1000000 = 0.0002625",
    ],
  ),
  at("2.0 Flash in batch", "gemini-2.0-flash", { tier: "batch" }, [
    "text.input 1000 × 0.05 / 1000000 = 0.00005",
    "audio.input 300 × 0.35 / 1000000 = 0.000105",
    "text_cache_read.input 500 × 0.025 / 1000000 = 0.0000125",
    "audio_cache_read.input 50 × 0.175 / 1000000 = 0.00000875",
    "text.output 70 × 0.20 / 1000000 = 0.000014",
  ]),
  at("2.0 Flash-Lite in batch", "gemini-2.0-flash-lite", { tier: "batch" }, [
    "text.input 1000 × 0.0375 / 1000000 = 0.0000375",
    "text.output 70 × 0.15 / 1000000 = 0.0000105",
  ]),
  at("an embedding in batch", "gemini-embedding-001", { tier: "batch" }, [
    "text.input 1000 × 0.075 / 1000000 = 0.000075",
  ]),
  at("an announced price has not begun", "gemini-3.8-flash", { at: "2026-12-31T23:59:59.999Z" }, [
    "text.input 1000 × 0.75 / 1000000 = 0.00075",
    "text.output 70 × 3.75 / 1000000 = 0.0002625",
  ]),
  at("an announced price begins by itself", "gemini-3.8-flash", { at: "2027-01-01T00:00:00Z" }, [
    "text.input 1000 × 1.5 / 1000000 = 0.0015",
    "text.output 70 × 7.5 / 1000000 = 0.000525",
  ]),
  at("priority, audio and caches too", "gemini-3-flash-preview", { tier: "priority" }, [
    "text.input 1000 × 0.5 × 1.8 / 1000000 = 0.0009",
    "audio.input 10 × 1 × 1.8 / 1000000 = 0.000018",
    "text_cache_read.input 500 × 0.05 × 1.8 / 1000000 = 0.000045",
    "text.output 70 × 3 × 1.8 / 1000000 = 0.000378",
  ]),
  at("priority, long prompt", "gemini-3.1-pro-preview", { tier: "priority" }, [
    "text.input 200001 × 4 × 1.8 / 1000000 = 1.4400072",
    "text.output 70 × 18 × 1.8 / 1000000 = 0.002268",
  ]),
  at(
    "priority where it is not sold",
    "gemini-2.5-pro",
    { status: "ambiguous", units: { text: [10, 10] }, tier: "priority" },
    [],
  ),
  at("custom tools variant", "gemini-3.1-pro-preview-customtools", {}, [
    "text.input 1000 × 2.00 / 1000000 = 0.002",
    "text_cache_read.input 500 × 0.20 / 1000000 = 0.0001",
    "text.output 70 × 12.00 / 1000000 = 0.00084",
  ]),
  at("custom tools variant, long prompt", "gemini-3.1-pro-preview-customtools", {}, [
    "text.input 200001 × 4.00 / 1000000 = 0.800004",
    "text_cache_read.input 500 × 0.40 / 1000000 = 0.0002",
    "text.output 70 × 18.00 / 1000000 = 0.00126",
  ]),
];
