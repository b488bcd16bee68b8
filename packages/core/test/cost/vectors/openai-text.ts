/** OpenAI's text models: caches, thresholds, history, names. */
import { type PriceCase, casesOf } from "./price-case.ts";

const at = casesOf({
  category: "system.openai",
  at: "2026-09-10T12:00:00Z",
  source: "https://developers.openai.com/api/docs/pricing",
});

/** OpenAI's text models: caches, thresholds, history, names. */
export const openaiTextCases: readonly PriceCase[] = [
  at("an ordinary call", "gpt-5", {}, [
    "text.input 1234 × 1.25 / 1000000 = 0.0015425",
    "text.output 567 × 10 / 1000000 = 0.00567",
  ]),
  at("cached input is paid once", "gpt-5.4", {}, [
    "text.input 2000 × 2.5 / 1000000 = 0.005",
    "text_cache_read.input 8000 × 0.25 / 1000000 = 0.002",
    "text.output 500 × 15 / 1000000 = 0.0075",
  ]),
  at("reasoning is paid as output", "gpt-5", {}, [
    "text.input 100 × 1.25 / 1000000 = 0.000125",
    "text.output 300 × 10 / 1000000 = 0.003",
    "reasoning.output 1200 × 10 / 1000000 = 0.012",
  ]),
  at("image input is paid as input", "gpt-5", {}, [
    "text.input 100 × 1.25 / 1000000 = 0.000125",
    "vision.input 765 × 1.25 / 1000000 = 0.00095625",
    "text.output 10 × 10 / 1000000 = 0.0001",
  ]),
  at("one token", "gpt-5-nano", {}, ["text.input 1 × 0.05 / 1000000 = 0.00000005"]),
  at("a billion tokens", "gpt-4.1-nano", {}, [
    "text.input 1000000000 × 0.1 / 1000000 = 100",
    "text.output 1000000000 × 0.4 / 1000000 = 400",
  ]),
  at("the wire’s largest count", "gpt-5-mini", {}, [
    "text_cache_read.input 2147483647 × 0.025 / 1000000 = 53.687091175",
  ]),
  at("short prompt, one below the threshold", "gpt-5.4", {}, [
    "text.input 271999 × 2.5 / 1000000 = 0.6799975",
    "text.output 10 × 15 / 1000000 = 0.00015",
  ]),
  at("long prompt, at the threshold", "gpt-5.4", {}, [
    "text.input 272000 × 5 / 1000000 = 1.36",
    "text.output 10 × 22.5 / 1000000 = 0.000225",
  ]),
  at("cached tokens count towards the threshold", "gpt-5.5", {}, [
    "text.input 2000 × 10 / 1000000 = 0.02",
    "text_cache_read.input 270000 × 1 / 1000000 = 0.27",
    "text.output 10 × 45 / 1000000 = 0.00045",
  ]),
  at("GPT-6 Sol at the threshold is still short", "gpt-6-sol", { at: "2026-09-25T00:00:00Z" }, [
    "text.input 272000 × 2 / 1000000 = 0.544",
    "text.output 10 × 10 / 1000000 = 0.0001",
  ]),
  at("GPT-6 Sol above it is long", "gpt-6-sol", { at: "2026-09-25T00:00:00Z" }, [
    "text.input 272001 × 4 / 1000000 = 1.088004",
    "text.output 10 × 15 / 1000000 = 0.00015",
  ]),
  at("GPT-6.1 Sol", "gpt-6.1-sol", { at: "2026-10-08T00:00:00Z" }, [
    "text.input 1000 × 2 / 1000000 = 0.002",
    "text_cache_read.input 2000 × 0.1 / 1000000 = 0.0002",
    "text_cache_write.input 300 × 2.5 / 1000000 = 0.00075",
    "text.output 10 × 10 / 1000000 = 0.0001",
  ]),
  at("GPT-6.1 Sol, long prompt", "gpt-6.1-sol", { at: "2026-10-08T00:00:00Z" }, [
    "text.input 300000 × 4 / 1000000 = 1.2",
    "text_cache_read.input 2000 × 0.2 / 1000000 = 0.0004",
    "text_cache_write.input 300 × 5 / 1000000 = 0.0015",
    "text.output 10 × 15 / 1000000 = 0.00015",
  ]),
  at("cache writes have a rate of their own", "gpt-5.6-sol", {}, [
    "text.input 1000 × 4 / 1000000 = 0.004",
    "text_cache_write.input 2000 × 5 / 1000000 = 0.01",
    "text_cache_read.input 3000 × 0.4 / 1000000 = 0.0012",
    "text.output 10 × 20 / 1000000 = 0.0002",
  ]),
  at("the last instant before a price cut", "gpt-5.6-sol", { at: "2026-08-20T23:59:59.999Z" }, [
    "text.input 1000 × 5 / 1000000 = 0.005",
    "text.output 10 × 30 / 1000000 = 0.0003",
  ]),
  at("the first instant of a price cut", "gpt-5.6-sol", { at: "2026-08-21T00:00:00Z" }, [
    "text.input 1000 × 4 / 1000000 = 0.004",
    "text.output 10 × 20 / 1000000 = 0.0002",
  ]),
  at("Luna before its cut", "gpt-5.6-luna", { at: "2026-07-29T12:00:00Z" }, [
    "text.input 1000 × 1 / 1000000 = 0.001",
    "text.output 10 × 6 / 1000000 = 0.00006",
  ]),
  at("Terra before its cut, batch", "gpt-5.6-terra", { at: "2026-07-29T12:00:00Z", tier: "batch" }, [
    "text.input 1000 × 2.5 × 0.5 / 1000000 = 0.00125",
    "text_cache_read.input 500 × 0.25 × 0.5 / 1000000 = 0.0000625",
    "text.output 10 × 15 × 0.5 / 1000000 = 0.000075",
  ]),
  at("Sol before its cut, batch", "gpt-5.6-sol", { at: "2026-08-20T12:00:00Z", tier: "batch" }, [
    "text.input 1000 × 5 × 0.5 / 1000000 = 0.0025",
    "text_cache_write.input 500 × 6.25 × 0.5 / 1000000 = 0.0015625",
    "text.output 10 × 30 × 0.5 / 1000000 = 0.00015",
  ]),
  at("Terra before its cut, flex", "gpt-5.6-terra", { at: "2026-07-29T12:00:00Z", tier: "flex" }, [
    "text.input 1000 × 2.5 × 0.5 / 1000000 = 0.00125",
    "text_cache_read.input 500 × 0.25 × 0.5 / 1000000 = 0.0000625",
    "text.output 10 × 15 × 0.5 / 1000000 = 0.000075",
  ]),
  at("Sol before its cut, flex", "gpt-5.6-sol", { at: "2026-08-20T12:00:00Z", tier: "flex" }, [
    "text.input 1000 × 5 × 0.5 / 1000000 = 0.0025",
    "text_cache_write.input 500 × 6.25 × 0.5 / 1000000 = 0.0015625",
    "text.output 10 × 30 × 0.5 / 1000000 = 0.00015",
  ]),
  at("Terra before its cut, priority", "gpt-5.6-terra", { at: "2026-07-29T12:00:00Z", tier: "priority" }, [
    "text.input 1000 × 2.5 × 2 / 1000000 = 0.005",
    "text_cache_read.input 500 × 0.25 × 2 / 1000000 = 0.00025",
    "text.output 10 × 15 × 2 / 1000000 = 0.0003",
  ]),
  at("Sol before its cut, priority", "gpt-5.6-sol", { at: "2026-08-20T12:00:00Z", tier: "priority" }, [
    "text.input 1000 × 5 × 2 / 1000000 = 0.01",
    "text_cache_write.input 500 × 6.25 × 2 / 1000000 = 0.00625",
    "text.output 10 × 30 × 2 / 1000000 = 0.0006",
  ]),
  at("o3 before its cut, cached", "o3", { at: "2025-06-09T23:59:59Z" }, [
    "text.input 1000 × 10 / 1000000 = 0.01",
    "text_cache_read.input 2000 × 2.50 / 1000000 = 0.005",
    "text.output 500 × 40 / 1000000 = 0.02",
  ]),
  at("o3 after its cut, cached", "o3", { at: "2025-06-10T00:00:00Z" }, [
    "text.input 1000 × 2 / 1000000 = 0.002",
    "text_cache_read.input 2000 × 0.5 / 1000000 = 0.001",
    "text.output 500 × 8 / 1000000 = 0.004",
  ]),
  at("o1-mini before o3-mini came", "o1-mini", { at: "2025-01-30T23:59:59Z" }, [
    "text.input 1000 × 3 / 1000000 = 0.003",
    "text_cache_read.input 2000 × 1.5 / 1000000 = 0.003",
    "text.output 500 × 12 / 1000000 = 0.006",
  ]),
  at("o1-mini afterwards", "o1-mini", { at: "2025-01-31T00:00:00Z" }, [
    "text.input 1000 × 1.1 / 1000000 = 0.0011",
    "text_cache_read.input 2000 × 0.55 / 1000000 = 0.0011",
    "text.output 500 × 4.4 / 1000000 = 0.0022",
  ]),
  at("an alias before it moved", "gpt-4o", { at: "2024-10-01T23:59:59.999Z" }, [
    "text.input 1000 × 5 / 1000000 = 0.005",
    "text.output 500 × 15 / 1000000 = 0.0075",
  ]),
  at("an alias after it moved", "gpt-4o", { at: "2024-10-02T00:00:00Z" }, [
    "text.input 1000 × 2.5 / 1000000 = 0.0025",
    "text.output 500 × 10 / 1000000 = 0.005",
  ]),
  at("a dated snapshot of a model", "gpt-5-2025-08-07", {}, [
    "text.input 1000 × 1.25 / 1000000 = 0.00125",
    "text.output 500 × 10 / 1000000 = 0.005",
  ]),
  at("a snapshot by declared pattern", "gpt-5.6-sol-2026-07-09", {}, [
    "text.input 1000 × 4 / 1000000 = 0.004",
    "text.output 500 × 20 / 1000000 = 0.01",
  ]),
  at("models the catalogue lacks: search", "gpt-5-search-api", {}, [
    "text.input 1000 × 1.25 / 1000000 = 0.00125",
    "text_cache_read.input 10 × 0.125 / 1000000 = 0.00000125",
    "text.output 500 × 10 / 1000000 = 0.005",
  ]),
  at("models the catalogue lacks: cyber", "gpt-5.6-cyber", {}, [
    "text.input 1000 × 12.50 / 1000000 = 0.0125",
    "text_cache_read.input 10 × 1.25 / 1000000 = 0.0000125",
    "text_cache_write.input 30 × 15.625 / 1000000 = 0.00046875",
    "text.output 500 × 75 / 1000000 = 0.0375",
  ]),
  at("models the catalogue lacks: the older cyber", "gpt-5.5-cyber", {}, [
    "text.input 1000 × 12.50 / 1000000 = 0.0125",
    "text_cache_read.input 10 × 1.25 / 1000000 = 0.0000125",
    "text.output 500 × 75 / 1000000 = 0.0375",
  ]),
  at("models the catalogue lacks: davinci-002", "davinci-002", {}, [
    "text.input 1000 × 2 / 1000000 = 0.002",
    "text.output 500 × 2 / 1000000 = 0.001",
  ]),
  at("models the catalogue lacks: babbage-002", "babbage-002", {}, [
    "text.input 1000 × 0.4 / 1000000 = 0.0004",
    "text.output 500 × 0.4 / 1000000 = 0.0002",
  ]),
];
