/** OpenAI's priority table, cell by cell. */
import { type PriceCase, casesOf } from "./price-case.ts";

const at = casesOf({
  category: "system.openai",
  at: "2026-09-25T12:00:00Z",
  source: "https://developers.openai.com/api/docs/pricing",
});

/** OpenAI's priority table, cell by cell. */
export const openaiPriorityCases: readonly PriceCase[] = [
  at("priority gpt-6-astra", "gpt-6-astra", { tier: "priority" }, [
    "text.input 2058 × 20.00 / 1000000 = 0.04116",
    "text_cache_read.input 1406 × 2.00 / 1000000 = 0.002812",
    "text_cache_write.input 358 × 25.00 / 1000000 = 0.00895",
    "text.output 674 × 100.00 / 1000000 = 0.0674",
  ]),
  at("priority gpt-6-astra, long prompt", "gpt-6-astra", { tier: "priority" }, [
    "text.input 255058 × 40.00 / 1000000 = 10.20232",
    "text_cache_read.input 20058 × 4.00 / 1000000 = 0.080232",
    "text_cache_write.input 5058 × 50.00 / 1000000 = 0.2529",
    "text.output 674 × 150.00 / 1000000 = 0.1011",
  ]),
  at("priority gpt-6-sol", "gpt-6-sol", { tier: "priority" }, [
    "text.input 2059 × 4.00 / 1000000 = 0.008236",
    "text_cache_read.input 1413 × 0.40 / 1000000 = 0.0005652",
    "text_cache_write.input 359 × 5.00 / 1000000 = 0.001795",
    "text.output 677 × 20.00 / 1000000 = 0.01354",
  ]),
  at("priority gpt-6-luna", "gpt-6-luna", { tier: "priority" }, [
    "text.input 2060 × 0.20 / 1000000 = 0.000412",
    "text_cache_read.input 1420 × 0.02 / 1000000 = 0.0000284",
    "text_cache_write.input 360 × 0.25 / 1000000 = 0.00009",
    "text.output 680 × 1.00 / 1000000 = 0.00068",
  ]),
  at("priority gpt-5.6-sol", "gpt-5.6-sol", { tier: "priority" }, [
    "text.input 2061 × 8.00 / 1000000 = 0.016488",
    "text_cache_read.input 1427 × 0.80 / 1000000 = 0.0011416",
    "text_cache_write.input 361 × 10.00 / 1000000 = 0.00361",
    "text.output 683 × 40.00 / 1000000 = 0.02732",
  ]),
  at("priority gpt-5.6-sol, long prompt", "gpt-5.6-sol", { tier: "priority" }, [
    "text.input 255061 × 16.00 / 1000000 = 4.080976",
    "text_cache_read.input 20061 × 1.60 / 1000000 = 0.0320976",
    "text_cache_write.input 5061 × 20.00 / 1000000 = 0.10122",
    "text.output 683 × 60.00 / 1000000 = 0.04098",
  ]),
  at("priority gpt-5.6-terra", "gpt-5.6-terra", { tier: "priority" }, [
    "text.input 2062 × 4.00 / 1000000 = 0.008248",
    "text_cache_read.input 1434 × 0.40 / 1000000 = 0.0005736",
    "text_cache_write.input 362 × 5.00 / 1000000 = 0.00181",
    "text.output 686 × 24.00 / 1000000 = 0.016464",
  ]),
  at("priority gpt-5.6-terra, long prompt", "gpt-5.6-terra", { tier: "priority" }, [
    "text.input 255062 × 8.00 / 1000000 = 2.040496",
    "text_cache_read.input 20062 × 0.80 / 1000000 = 0.0160496",
    "text_cache_write.input 5062 × 10.00 / 1000000 = 0.05062",
    "text.output 686 × 36.00 / 1000000 = 0.024696",
  ]),
  at("priority gpt-5.6-luna", "gpt-5.6-luna", { tier: "priority" }, [
    "text.input 2063 × 0.40 / 1000000 = 0.0008252",
    "text_cache_read.input 1441 × 0.04 / 1000000 = 0.00005764",
    "text_cache_write.input 363 × 0.50 / 1000000 = 0.0001815",
    "text.output 689 × 2.40 / 1000000 = 0.0016536",
  ]),
  at("priority gpt-5.6-luna, long prompt", "gpt-5.6-luna", { tier: "priority" }, [
    "text.input 255063 × 0.80 / 1000000 = 0.2040504",
    "text_cache_read.input 20063 × 0.08 / 1000000 = 0.00160504",
    "text_cache_write.input 5063 × 1.00 / 1000000 = 0.005063",
    "text.output 689 × 3.60 / 1000000 = 0.0024804",
  ]),
  at("priority gpt-5.5", "gpt-5.5", { tier: "priority" }, [
    "text.input 2064 × 12.50 / 1000000 = 0.0258",
    "text_cache_read.input 1448 × 1.25 / 1000000 = 0.00181",
    "text.output 692 × 75.00 / 1000000 = 0.0519",
  ]),
  at("priority gpt-5.4", "gpt-5.4", { tier: "priority" }, [
    "text.input 2065 × 5.00 / 1000000 = 0.010325",
    "text_cache_read.input 1455 × 0.50 / 1000000 = 0.0007275",
    "text.output 695 × 30.00 / 1000000 = 0.02085",
  ]),
  at("priority gpt-5.4-mini", "gpt-5.4-mini", { tier: "priority" }, [
    "text.input 2066 × 1.50 / 1000000 = 0.003099",
    "text_cache_read.input 1462 × 0.15 / 1000000 = 0.0002193",
    "text.output 698 × 9.00 / 1000000 = 0.006282",
  ]),
  at("priority gpt-5.3-codex", "gpt-5.3-codex", { tier: "priority" }, [
    "text.input 2067 × 3.50 / 1000000 = 0.0072345",
    "text_cache_read.input 1469 × 0.35 / 1000000 = 0.00051415",
    "text.output 701 × 28.00 / 1000000 = 0.019628",
  ]),
  at("priority gpt-5.2", "gpt-5.2", { tier: "priority" }, [
    "text.input 2068 × 3.50 / 1000000 = 0.007238",
    "text_cache_read.input 1476 × 0.35 / 1000000 = 0.0005166",
    "text.output 704 × 28.00 / 1000000 = 0.019712",
  ]),
  at("priority gpt-5.1", "gpt-5.1", { tier: "priority" }, [
    "text.input 2069 × 2.50 / 1000000 = 0.0051725",
    "text_cache_read.input 1483 × 0.25 / 1000000 = 0.00037075",
    "text.output 707 × 20.00 / 1000000 = 0.01414",
  ]),
  at("priority gpt-5", "gpt-5", { tier: "priority" }, [
    "text.input 2070 × 2.50 / 1000000 = 0.005175",
    "text_cache_read.input 1490 × 0.25 / 1000000 = 0.0003725",
    "text.output 710 × 20.00 / 1000000 = 0.0142",
  ]),
  at("priority gpt-5-mini", "gpt-5-mini", { tier: "priority" }, [
    "text.input 2071 × 0.45 / 1000000 = 0.00093195",
    "text_cache_read.input 1497 × 0.045 / 1000000 = 0.000067365",
    "text.output 713 × 3.60 / 1000000 = 0.0025668",
  ]),
  at("priority gpt-4.1", "gpt-4.1", { tier: "priority" }, [
    "text.input 2072 × 3.50 / 1000000 = 0.007252",
    "text_cache_read.input 1504 × 0.875 / 1000000 = 0.001316",
    "text.output 716 × 14.00 / 1000000 = 0.010024",
  ]),
  at("priority gpt-4.1-mini", "gpt-4.1-mini", { tier: "priority" }, [
    "text.input 2073 × 0.70 / 1000000 = 0.0014511",
    "text_cache_read.input 1511 × 0.175 / 1000000 = 0.000264425",
    "text.output 719 × 2.80 / 1000000 = 0.0020132",
  ]),
  at("priority gpt-4.1-nano", "gpt-4.1-nano", { tier: "priority" }, [
    "text.input 2074 × 0.20 / 1000000 = 0.0004148",
    "text_cache_read.input 1518 × 0.05 / 1000000 = 0.0000759",
    "text.output 722 × 0.80 / 1000000 = 0.0005776",
  ]),
  at("priority gpt-4o", "gpt-4o", { tier: "priority" }, [
    "text.input 2075 × 4.25 / 1000000 = 0.00881875",
    "text_cache_read.input 1525 × 2.125 / 1000000 = 0.003240625",
    "text.output 725 × 17.00 / 1000000 = 0.012325",
  ]),
  at("priority gpt-4o-2024-11-20", "gpt-4o-2024-11-20", { tier: "priority" }, [
    "text.input 2076 × 4.25 / 1000000 = 0.008823",
    "text_cache_read.input 1532 × 2.125 / 1000000 = 0.0032555",
    "text.output 728 × 17.00 / 1000000 = 0.012376",
  ]),
  at("priority gpt-4o-2024-05-13", "gpt-4o-2024-05-13", { tier: "priority" }, [
    "text.input 2077 × 8.75 / 1000000 = 0.01817375",
    "text.output 731 × 26.25 / 1000000 = 0.01918875",
  ]),
  at("priority gpt-4o-mini", "gpt-4o-mini", { tier: "priority" }, [
    "text.input 2078 × 0.25 / 1000000 = 0.0005195",
    "text_cache_read.input 1546 × 0.125 / 1000000 = 0.00019325",
    "text.output 734 × 1.00 / 1000000 = 0.000734",
  ]),
  at("priority o3", "o3", { tier: "priority" }, [
    "text.input 2079 × 3.50 / 1000000 = 0.0072765",
    "text_cache_read.input 1553 × 0.875 / 1000000 = 0.001358875",
    "text.output 737 × 14.00 / 1000000 = 0.010318",
  ]),
  at("priority o4-mini", "o4-mini", { tier: "priority" }, [
    "text.input 2080 × 2.00 / 1000000 = 0.00416",
    "text_cache_read.input 1560 × 0.50 / 1000000 = 0.00078",
    "text.output 740 × 8.00 / 1000000 = 0.00592",
  ]),
];
