/** OpenAI's regional endpoints, tier names and tool fees. */
import { type PriceCase, casesOf } from "./price-case.ts";

const at = casesOf({
  category: "system.openai",
  at: "2026-09-10T12:00:00Z",
  source: "https://developers.openai.com/api/docs/pricing",
});

/** OpenAI's regional endpoints, tier names and tool fees. */
export const openaiModifierCases: readonly PriceCase[] = [
  at("a regional endpoint: ten percent more", "gpt-5.4", { residency: "eu" }, [
    "text.input 1000 × 2.5 × 1.1 / 1000000 = 0.00275",
    "text_cache_read.input 500 × 0.25 × 1.1 / 1000000 = 0.0001375",
    "text.output 100 × 15 × 1.1 / 1000000 = 0.00165",
  ]),
  at("a regional endpoint, long prompt", "gpt-5.4", { residency: "us" }, [
    "text.input 300000 × 5 × 1.1 / 1000000 = 1.65",
    "text.output 100 × 22.5 × 1.1 / 1000000 = 0.002475",
  ]),
  at("a regional endpoint in batch", "gpt-5.5", { residency: "eu", tier: "batch" }, [
    "text.input 1000 × 2.5 × 1.1 / 1000000 = 0.00275",
    "text_cache_read.input 500 × 0.25 × 1.1 / 1000000 = 0.0001375",
    "text.output 100 × 15 × 1.1 / 1000000 = 0.00165",
  ]),
  at("a regional endpoint in fast mode", "gpt-5.4-mini", { residency: "jp", tier: "fast" }, [
    "text.input 1000 × 1.5 × 1.1 / 1000000 = 0.00165",
    "text.output 100 × 9 × 1.1 / 1000000 = 0.00099",
  ]),
  at("a regional endpoint costs older models nothing more", "gpt-5", { residency: "eu" }, [
    "text.input 1000 × 1.25 / 1000000 = 0.00125",
    "text.output 100 × 10 / 1000000 = 0.001",
  ]),
  at("an older model in batch on a regional endpoint", "gpt-4.1", { residency: "eu", tier: "batch" }, [
    "text.input 1000 × 1 / 1000000 = 0.001",
    "text.output 100 × 4 / 1000000 = 0.0004",
  ]),
  at("tool fees carry no uplift", "gpt-5.4", { residency: "eu" }, [
    "text.input 1000 × 2.5 × 1.1 / 1000000 = 0.00275",
    "text.output 100 × 15 × 1.1 / 1000000 = 0.00165",
    "web_search_request.other 2 × 10 / 1000 = 0.02",
  ]),
  at("fast mode is the new name of priority", "gpt-5", { tier: "fast" }, [
    "text.input 1000 × 2.5 / 1000000 = 0.0025",
    "text.output 100 × 20 / 1000000 = 0.002",
  ]),
  at("default is the standard tier", "gpt-5", { tier: "default" }, [
    "text.input 1000 × 1.25 / 1000000 = 0.00125",
    "text.output 100 × 10 / 1000000 = 0.001",
  ]),
  at("three searches are three charges", "gpt-5", {}, [
    "text.input 9000 × 1.25 / 1000000 = 0.01125",
    "text.output 600 × 10 / 1000000 = 0.006",
    "web_search_request.other 3 × 10 / 1000 = 0.03",
  ]),
  at("a search in batch costs what a search costs", "gpt-5", { tier: "batch" }, [
    "text.input 9000 × 0.625 / 1000000 = 0.005625",
    "text.output 600 × 5 / 1000000 = 0.003",
    "web_search_request.other 3 × 10 / 1000 = 0.03",
  ]),
  at("search preview, reasoning model", "o4-mini", {}, [
    "text.input 100 × 1.1 / 1000000 = 0.00011",
    "web_search_preview_request.other 2 × 10 / 1000 = 0.02",
  ]),
  at("search preview, other model", "gpt-4.1", {}, [
    "text.input 100 × 2 / 1000000 = 0.0002",
    "web_search_preview_request.other 2 × 25 / 1000 = 0.05",
  ]),
  at("file search: calls and storage", "gpt-5-mini", {}, [
    "text.input 100 × 0.25 / 1000000 = 0.000025",
    "file_search_request.other 4 × 2.50 / 1000 = 0.01",
    "file_search_storage_gb_day.other 2.5 × 0.10 / 1 = 0.25",
  ]),
  at("a container of 1 GB by the minute", "gpt-5", {}, [
    "text.input 100 × 1.25 / 1000000 = 0.000125",
    "container_session@1gb.other 1 × 0 / 1 = 0",
    "container_minute@1gb.other 7 × 0.03 / 20 = 0.0105",
  ]),
  at("a container of 1 GB by the session", "gpt-5", { at: "2026-06-01T23:59:59Z" }, [
    "text.input 100 × 1.25 / 1000000 = 0.000125",
    "container_session@1gb.other 2 × 0.03 / 1 = 0.06",
    "container_minute@1gb.other 7 × 0 / 1 = 0",
  ]),
  at("a container of 4 GB by the minute", "gpt-5", {}, [
    "text.input 100 × 1.25 / 1000000 = 0.000125",
    "container_session@4gb.other 1 × 0 / 1 = 0",
    "container_minute@4gb.other 7 × 0.12 / 20 = 0.042",
  ]),
  at("a container of 4 GB by the session", "gpt-5", { at: "2026-06-01T23:59:59Z" }, [
    "text.input 100 × 1.25 / 1000000 = 0.000125",
    "container_session@4gb.other 2 × 0.12 / 1 = 0.24",
    "container_minute@4gb.other 7 × 0 / 1 = 0",
  ]),
  at("a container of 16 GB by the minute", "gpt-5", {}, [
    "text.input 100 × 1.25 / 1000000 = 0.000125",
    "container_session@16gb.other 1 × 0 / 1 = 0",
    "container_minute@16gb.other 7 × 0.48 / 20 = 0.168",
  ]),
  at("a container of 16 GB by the session", "gpt-5", { at: "2026-06-01T23:59:59Z" }, [
    "text.input 100 × 1.25 / 1000000 = 0.000125",
    "container_session@16gb.other 2 × 0.48 / 1 = 0.96",
    "container_minute@16gb.other 7 × 0 / 1 = 0",
  ]),
  at("a container of 64 GB by the minute", "gpt-5", {}, [
    "text.input 100 × 1.25 / 1000000 = 0.000125",
    "container_session@64gb.other 1 × 0 / 1 = 0",
    "container_minute@64gb.other 7 × 1.92 / 20 = 0.672",
  ]),
  at("a container of 64 GB by the session", "gpt-5", { at: "2026-06-01T23:59:59Z" }, [
    "text.input 100 × 1.25 / 1000000 = 0.000125",
    "container_session@64gb.other 2 × 1.92 / 1 = 3.84",
    "container_minute@64gb.other 7 × 0 / 1 = 0",
  ]),
  at("code interpreter sessions before minutes were billed", "gpt-4.1", { at: "2025-09-01T00:00:00Z" }, [
    "text.input 100 × 2 / 1000000 = 0.0002",
    "code_interpreter_session.other 2 × 0.03 / 1 = 0.06",
  ]),
  at(
    "code interpreter sessions of unknown length",
    "gpt-4.1",
    { status: "partial", units: { text: [100, 0], code_interpreter_session: [0, 2] } },
    ["text.input 100 × 2 / 1000000 = 0.0002"],
  ),
];
