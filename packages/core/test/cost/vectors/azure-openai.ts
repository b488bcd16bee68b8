/** Azure OpenAI: kinds of deployment, batch, priority. */
import { type PriceCase, casesOf } from "./price-case.ts";

const at = casesOf({
  category: "system.azureopenai",
  at: "2026-09-10T12:00:00Z",
  source: "https://azure.microsoft.com/pricing/details/azure-openai/",
});

/** Azure OpenAI: kinds of deployment, batch, priority. */
export const azureOpenaiCases: readonly PriceCase[] = [
  at("gpt-5.4-mini, global", "gpt-5.4-mini", { scope: "global" }, [
    "text.input 1000 × 0.75 / 1000000 = 0.00075",
    "text_cache_read.input 500 × 0.075 / 1000000 = 0.0000375",
    "text.output 100 × 4.50 / 1000000 = 0.00045",
  ]),
  at("gpt-5.4-nano, global", "gpt-5.4-nano", { scope: "global" }, [
    "text.input 1000 × 0.20 / 1000000 = 0.0002",
    "text_cache_read.input 500 × 0.02 / 1000000 = 0.00001",
    "text.output 100 × 1.25 / 1000000 = 0.000125",
  ]),
  at("gpt-5.2, global", "gpt-5.2", { scope: "global" }, [
    "text.input 1000 × 1.75 / 1000000 = 0.00175",
    "text_cache_read.input 500 × 0.175 / 1000000 = 0.0000875",
    "text.output 100 × 14.00 / 1000000 = 0.0014",
  ]),
  at("gpt-5.1, global", "gpt-5.1", { scope: "global" }, [
    "text.input 1000 × 1.25 / 1000000 = 0.00125",
    "text_cache_read.input 500 × 0.125 / 1000000 = 0.0000625",
    "text.output 100 × 10.00 / 1000000 = 0.001",
  ]),
  at("gpt-5, global", "gpt-5", { scope: "global" }, [
    "text.input 1000 × 1.25 / 1000000 = 0.00125",
    "text_cache_read.input 500 × 0.125 / 1000000 = 0.0000625",
    "text.output 100 × 10.00 / 1000000 = 0.001",
  ]),
  at("gpt-5-mini, global", "gpt-5-mini", { scope: "global" }, [
    "text.input 1000 × 0.25 / 1000000 = 0.00025",
    "text_cache_read.input 500 × 0.025 / 1000000 = 0.0000125",
    "text.output 100 × 2.00 / 1000000 = 0.0002",
  ]),
  at("gpt-5-nano, global", "gpt-5-nano", { scope: "global" }, [
    "text.input 1000 × 0.05 / 1000000 = 0.00005",
    "text_cache_read.input 500 × 0.005 / 1000000 = 0.0000025",
    "text.output 100 × 0.40 / 1000000 = 0.00004",
  ]),
  at("gpt-5-pro, global", "gpt-5-pro", { scope: "global" }, [
    "text.input 1000 × 15.00 / 1000000 = 0.015",
    "text.output 100 × 120.00 / 1000000 = 0.012",
  ]),
  at("gpt-4.1, global", "gpt-4.1", { scope: "global" }, [
    "text.input 1000 × 2.00 / 1000000 = 0.002",
    "text_cache_read.input 500 × 0.50 / 1000000 = 0.00025",
    "text.output 100 × 8.00 / 1000000 = 0.0008",
  ]),
  at("gpt-4.1-mini, global", "gpt-4.1-mini", { scope: "global" }, [
    "text.input 1000 × 0.40 / 1000000 = 0.0004",
    "text_cache_read.input 500 × 0.10 / 1000000 = 0.00005",
    "text.output 100 × 1.60 / 1000000 = 0.00016",
  ]),
  at("gpt-4.1-nano, global", "gpt-4.1-nano", { scope: "global" }, [
    "text.input 1000 × 0.10 / 1000000 = 0.0001",
    "text_cache_read.input 500 × 0.025 / 1000000 = 0.0000125",
    "text.output 100 × 0.40 / 1000000 = 0.00004",
  ]),
  at("gpt-4o-2024-11-20, global", "gpt-4o-2024-11-20", { scope: "global" }, [
    "text.input 1000 × 2.50 / 1000000 = 0.0025",
    "text_cache_read.input 500 × 1.25 / 1000000 = 0.000625",
    "text.output 100 × 10.00 / 1000000 = 0.001",
  ]),
  at("gpt-4o-mini, global", "gpt-4o-mini", { scope: "global" }, [
    "text.input 1000 × 0.15 / 1000000 = 0.00015",
    "text_cache_read.input 500 × 0.075 / 1000000 = 0.0000375",
    "text.output 100 × 0.60 / 1000000 = 0.00006",
  ]),
  at("o3, global", "o3", { scope: "global" }, [
    "text.input 1000 × 2.00 / 1000000 = 0.002",
    "text_cache_read.input 500 × 0.50 / 1000000 = 0.00025",
    "text.output 100 × 8.00 / 1000000 = 0.0008",
  ]),
  at("o3-mini, global", "o3-mini", { scope: "global" }, [
    "text.input 1000 × 1.10 / 1000000 = 0.0011",
    "text_cache_read.input 500 × 0.55 / 1000000 = 0.000275",
    "text.output 100 × 4.40 / 1000000 = 0.00044",
  ]),
  at("o4-mini, global", "o4-mini", { scope: "global" }, [
    "text.input 1000 × 1.10 / 1000000 = 0.0011",
    "text_cache_read.input 500 × 0.275 / 1000000 = 0.0001375",
    "text.output 100 × 4.40 / 1000000 = 0.00044",
  ]),
  at("o1, global", "o1", { scope: "global" }, [
    "text.input 1000 × 15.00 / 1000000 = 0.015",
    "text_cache_read.input 500 × 7.50 / 1000000 = 0.00375",
    "text.output 100 × 60.00 / 1000000 = 0.006",
  ]),
  at("gpt-5.5, global", "gpt-5.5", { scope: "global" }, [
    "text.input 1000 × 5.00 / 1000000 = 0.005",
    "text_cache_read.input 500 × 0.50 / 1000000 = 0.00025",
    "text.output 100 × 30.00 / 1000000 = 0.003",
  ]),
  at("gpt-5.4, global", "gpt-5.4", { scope: "global" }, [
    "text.input 1000 × 2.50 / 1000000 = 0.0025",
    "text_cache_read.input 500 × 0.25 / 1000000 = 0.000125",
    "text.output 100 × 15.00 / 1000000 = 0.0015",
  ]),
  at("gpt-5.5, global, long prompt", "gpt-5.5", { scope: "global" }, [
    "text.input 272000 × 10.00 / 1000000 = 2.72",
    "text_cache_read.input 500 × 1.00 / 1000000 = 0.0005",
    "text.output 100 × 45.00 / 1000000 = 0.0045",
  ]),
  at("gpt-5.4, global, long prompt", "gpt-5.4", { scope: "global" }, [
    "text.input 272000 × 5.00 / 1000000 = 1.36",
    "text_cache_read.input 500 × 0.50 / 1000000 = 0.00025",
    "text.output 100 × 22.50 / 1000000 = 0.00225",
  ]),
  at("data zone: ten percent more", "gpt-5", { scope: "datazone.eu" }, [
    "text.input 1000 × 1.25 × 1.1 / 1000000 = 0.001375",
    "text_cache_read.input 500 × 0.125 × 1.1 / 1000000 = 0.00006875",
    "text.output 100 × 10 × 1.1 / 1000000 = 0.0011",
  ]),
  at("data zone batch", "gpt-5-nano", { scope: "datazone", tier: "batch" }, [
    "text.input 1000 × 0.05 × 0.5 × 1.1 / 1000000 = 0.0000275",
    "text.output 100 × 0.40 × 0.5 × 1.1 / 1000000 = 0.000022",
  ]),
  at("batch", "gpt-5.4-nano", { scope: "global", tier: "batch" }, [
    "text.input 1000 × 0.20 × 0.5 / 1000000 = 0.0001",
    "text_cache_read.input 500 × 0.02 × 0.5 / 1000000 = 0.000005",
    "text.output 100 × 1.25 × 0.5 / 1000000 = 0.0000625",
  ]),
  at("region", "gpt-4.1", { scope: "region.swedencentral" }, [
    "text.input 1000 × 2 × 1.1 / 1000000 = 0.0022",
    "text.output 100 × 8 × 1.1 / 1000000 = 0.00088",
  ]),
  at("priority", "gpt-5.2", { scope: "global", tier: "priority" }, [
    "text.input 1000 × 1.75 × 2 / 1000000 = 0.0035",
    "text.output 100 × 14 × 2 / 1000000 = 0.0028",
  ]),
  at("priority mini", "gpt-5-mini", { scope: "global", tier: "priority" }, [
    "text.input 1000 × 0.25 × 1.8 / 1000000 = 0.00045",
    "text.output 100 × 2 × 1.8 / 1000000 = 0.00036",
  ]),
  at("priority 4.1", "gpt-4.1-mini", { scope: "global", tier: "priority" }, [
    "text.input 1000 × 0.40 × 1.75 / 1000000 = 0.0007",
    "text_cache_read.input 100 × 0.10 × 1.75 / 1000000 = 0.0000175",
  ]),
];
