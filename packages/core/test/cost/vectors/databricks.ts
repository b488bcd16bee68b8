/** Databricks: DBU per million tokens times the price of a DBU, by cloud and geography. */
import { type PriceCase, casesOf } from "./price-case.ts";

const at = casesOf({
  category: "system.databricks.aws",
  at: "2026-09-10T12:00:00Z",
  source: "https://www.databricks.com/product/pricing/foundation-model-serving",
});

/** Databricks: DBU per million tokens times the price of a DBU, by cloud and geography. */
export const databricksCases: readonly PriceCase[] = [
  at("meta-llama-3-3-70b-instruct", "databricks-meta-llama-3-3-70b-instruct", {}, [
    "text.input 10000 × 7.143 × 0.070 / 1000000 = 0.0050001",
    "text.output 1000 × 21.429 × 0.070 / 1000000 = 0.00150003",
  ]),
  at("meta-llama-3-1-8b-instruct", "databricks-meta-llama-3-1-8b-instruct", {}, [
    "text.input 10000 × 2.143 × 0.070 / 1000000 = 0.0015001",
    "text.output 1000 × 6.429 × 0.070 / 1000000 = 0.00045003",
  ]),
  at("llama-4-maverick", "databricks-llama-4-maverick", {}, [
    "text.input 10000 × 7.143 × 0.070 / 1000000 = 0.0050001",
    "text.output 1000 × 21.429 × 0.070 / 1000000 = 0.00150003",
  ]),
  at("gpt-oss-120b", "databricks-gpt-oss-120b", {}, [
    "text.input 10000 × 2.143 × 0.070 / 1000000 = 0.0015001",
    "text.output 1000 × 8.571 × 0.070 / 1000000 = 0.00059997",
  ]),
  at("gpt-oss-20b", "databricks-gpt-oss-20b", {}, [
    "text.input 10000 × 1 × 0.070 / 1000000 = 0.0007",
    "text.output 1000 × 4.286 × 0.070 / 1000000 = 0.00030002",
  ]),
  at("gemma-3-12b", "databricks-gemma-3-12b", {}, [
    "text.input 10000 × 2.143 × 0.070 / 1000000 = 0.0015001",
    "text.output 1000 × 7.143 × 0.070 / 1000000 = 0.00050001",
  ]),
  at("qwen3-next-80b-a3b-instruct", "databricks-qwen3-next-80b-a3b-instruct", {}, [
    "text.input 10000 × 2.143 × 0.070 / 1000000 = 0.0015001",
    "text.output 1000 × 17.143 × 0.070 / 1000000 = 0.00120001",
  ]),
  at("qwen35-122b-a10b", "databricks-qwen35-122b-a10b", {}, [
    "text.input 10000 × 3.143 × 0.070 / 1000000 = 0.0022001",
    "text.output 1000 × 31.429 × 0.070 / 1000000 = 0.00220003",
  ]),
  at("glm-5-2", "databricks-glm-5-2", {}, [
    "text.input 10000 × 20 × 0.070 / 1000000 = 0.014",
    "text_cache_read.input 5000 × 3.714 × 0.070 / 1000000 = 0.0012999",
    "text.output 1000 × 62.857 × 0.070 / 1000000 = 0.00439999",
  ]),
  at("glm-5-3", "databricks-glm-5-3", {}, [
    "text.input 10000 × 20 × 0.070 / 1000000 = 0.014",
    "text_cache_read.input 5000 × 3.714 × 0.070 / 1000000 = 0.0012999",
    "text.output 1000 × 62.857 × 0.070 / 1000000 = 0.00439999",
  ]),
  at("glm-5-3-flash", "databricks-glm-5-3-flash", {}, [
    "text.input 10000 × 2.143 × 0.070 / 1000000 = 0.0015001",
    "text_cache_read.input 5000 × 0.429 × 0.070 / 1000000 = 0.00015015",
    "text.output 1000 × 7.143 × 0.070 / 1000000 = 0.00050001",
  ]),
  at("deepseek-v4-1-flash", "databricks-deepseek-v4-1-flash", {}, [
    "text.input 10000 × 4.286 × 0.070 / 1000000 = 0.0030002",
    "text_cache_read.input 5000 × 0.429 × 0.070 / 1000000 = 0.00015015",
    "text.output 1000 × 17.143 × 0.070 / 1000000 = 0.00120001",
  ]),
  at("deepseek-v4-flash-0731", "databricks-deepseek-v4-flash-0731", {}, [
    "text.input 10000 × 2 × 0.070 / 1000000 = 0.0014",
    "text_cache_read.input 5000 × 0.4 × 0.070 / 1000000 = 0.00014",
    "text.output 1000 × 4 × 0.070 / 1000000 = 0.00028",
  ]),
  at("deepseek-v4-pro-0813", "databricks-deepseek-v4-pro-0813", {}, [
    "text.input 10000 × 18.857 × 0.070 / 1000000 = 0.0131999",
    "text_cache_read.input 5000 × 1.886 × 0.070 / 1000000 = 0.0006601",
    "text.output 1000 × 56.571 × 0.070 / 1000000 = 0.00395997",
  ]),
  at("inkling", "databricks-inkling", {}, [
    "text.input 10000 × 14.286 × 0.070 / 1000000 = 0.0100002",
    "text_cache_read.input 5000 × 2.429 × 0.070 / 1000000 = 0.00085015",
    "text.output 1000 × 57.857 × 0.070 / 1000000 = 0.00404999",
  ]),
  at("kimi-k2-7-code", "databricks-kimi-k2-7-code", {}, [
    "text.input 10000 × 13.571 × 0.070 / 1000000 = 0.0094997",
    "text_cache_read.input 5000 × 2.714 × 0.070 / 1000000 = 0.0009499",
    "text.output 1000 × 57.143 × 0.070 / 1000000 = 0.00400001",
  ]),
  at("kimi-k3", "databricks-kimi-k3", {}, [
    "text.input 10000 × 42.857 × 0.070 / 1000000 = 0.0299999",
    "text_cache_read.input 5000 × 4.286 × 0.070 / 1000000 = 0.0015001",
    "text.output 1000 × 214.286 × 0.070 / 1000000 = 0.01500002",
  ]),
  at("bge-large-en", "databricks-bge-large-en", {}, [
    "text.input 10000 × 1.429 × 0.070 / 1000000 = 0.0010003",
  ]),
  at("gte-large-en", "databricks-gte-large-en", {}, [
    "text.input 10000 × 1.857 × 0.070 / 1000000 = 0.0012999",
  ]),
  at("qwen3-embedding-0-6b", "databricks-qwen3-embedding-0-6b", {}, [
    "text.input 10000 × 0.286 × 0.070 / 1000000 = 0.0002002",
  ]),
  at("claude-fable-5, global", "databricks-claude-fable-5", { scope: "global" }, [
    "text.input 10000 × 142.858 × 0.070 / 1000000 = 0.1000006",
    "text_cache_read.input 5000 × 14.286 × 0.070 / 1000000 = 0.0050001",
    "text_cache_write.input 300 × 178.572 × 0.070 / 1000000 = 0.003750012",
    "text.output 1000 × 714.286 × 0.070 / 1000000 = 0.05000002",
  ]),
  at("claude-opus-5, global", "databricks-claude-opus-5", { scope: "global" }, [
    "text.input 10000 × 71.429 × 0.070 / 1000000 = 0.0500003",
    "text_cache_read.input 5000 × 7.143 × 0.070 / 1000000 = 0.00250005",
    "text_cache_write.input 300 × 89.286 × 0.070 / 1000000 = 0.001875006",
    "text.output 1000 × 357.143 × 0.070 / 1000000 = 0.02500001",
  ]),
  at("claude-opus-4-8, global", "databricks-claude-opus-4-8", { scope: "global" }, [
    "text.input 10000 × 71.429 × 0.070 / 1000000 = 0.0500003",
    "text_cache_read.input 5000 × 7.143 × 0.070 / 1000000 = 0.00250005",
    "text_cache_write.input 300 × 89.286 × 0.070 / 1000000 = 0.001875006",
    "text.output 1000 × 357.143 × 0.070 / 1000000 = 0.02500001",
  ]),
  at("claude-opus-4-7, global", "databricks-claude-opus-4-7", { scope: "global" }, [
    "text.input 10000 × 71.429 × 0.070 / 1000000 = 0.0500003",
    "text_cache_read.input 5000 × 7.143 × 0.070 / 1000000 = 0.00250005",
    "text_cache_write.input 300 × 89.286 × 0.070 / 1000000 = 0.001875006",
    "text.output 1000 × 357.143 × 0.070 / 1000000 = 0.02500001",
  ]),
  at("claude-opus-4-6, global", "databricks-claude-opus-4-6", { scope: "global" }, [
    "text.input 10000 × 71.429 × 0.070 / 1000000 = 0.0500003",
    "text_cache_read.input 5000 × 7.143 × 0.070 / 1000000 = 0.00250005",
    "text_cache_write.input 300 × 89.286 × 0.070 / 1000000 = 0.001875006",
    "text.output 1000 × 357.143 × 0.070 / 1000000 = 0.02500001",
  ]),
  at("claude-opus-4-5, global", "databricks-claude-opus-4-5", { scope: "global" }, [
    "text.input 10000 × 71.429 × 0.070 / 1000000 = 0.0500003",
    "text_cache_read.input 5000 × 7.143 × 0.070 / 1000000 = 0.00250005",
    "text_cache_write.input 300 × 89.286 × 0.070 / 1000000 = 0.001875006",
    "text.output 1000 × 357.143 × 0.070 / 1000000 = 0.02500001",
  ]),
  at("claude-opus-4-1, global", "databricks-claude-opus-4-1", { scope: "global" }, [
    "text.input 10000 × 214.286 × 0.070 / 1000000 = 0.1500002",
    "text_cache_read.input 5000 × 21.429 × 0.070 / 1000000 = 0.00750015",
    "text_cache_write.input 300 × 267.857 × 0.070 / 1000000 = 0.005624997",
    "text.output 1000 × 1071.429 × 0.070 / 1000000 = 0.07500003",
  ]),
  at("claude-opus-4, global", "databricks-claude-opus-4", { scope: "global" }, [
    "text.input 10000 × 214.286 × 0.070 / 1000000 = 0.1500002",
    "text_cache_read.input 5000 × 21.429 × 0.070 / 1000000 = 0.00750015",
    "text_cache_write.input 300 × 267.857 × 0.070 / 1000000 = 0.005624997",
    "text.output 1000 × 1071.429 × 0.070 / 1000000 = 0.07500003",
  ]),
  at("claude-sonnet-4-6, global", "databricks-claude-sonnet-4-6", { scope: "global" }, [
    "text.input 10000 × 42.857 × 0.070 / 1000000 = 0.0299999",
    "text_cache_read.input 5000 × 4.286 × 0.070 / 1000000 = 0.0015001",
    "text_cache_write.input 300 × 53.571 × 0.070 / 1000000 = 0.001124991",
    "text.output 1000 × 214.286 × 0.070 / 1000000 = 0.01500002",
  ]),
  at("claude-sonnet-4-5, global", "databricks-claude-sonnet-4-5", { scope: "global" }, [
    "text.input 10000 × 42.857 × 0.070 / 1000000 = 0.0299999",
    "text_cache_read.input 5000 × 4.286 × 0.070 / 1000000 = 0.0015001",
    "text_cache_write.input 300 × 53.571 × 0.070 / 1000000 = 0.001124991",
    "text.output 1000 × 214.286 × 0.070 / 1000000 = 0.01500002",
  ]),
  at("claude-sonnet-4, global", "databricks-claude-sonnet-4", { scope: "global" }, [
    "text.input 10000 × 42.857 × 0.070 / 1000000 = 0.0299999",
    "text_cache_read.input 5000 × 4.286 × 0.070 / 1000000 = 0.0015001",
    "text_cache_write.input 300 × 53.571 × 0.070 / 1000000 = 0.001124991",
    "text.output 1000 × 214.286 × 0.070 / 1000000 = 0.01500002",
  ]),
  at("claude-3-7-sonnet, global", "databricks-claude-3-7-sonnet", { scope: "global" }, [
    "text.input 10000 × 42.857 × 0.070 / 1000000 = 0.0299999",
    "text_cache_read.input 5000 × 4.286 × 0.070 / 1000000 = 0.0015001",
    "text_cache_write.input 300 × 53.571 × 0.070 / 1000000 = 0.001124991",
    "text.output 1000 × 214.286 × 0.070 / 1000000 = 0.01500002",
  ]),
  at("claude-haiku-4-5, global", "databricks-claude-haiku-4-5", { scope: "global" }, [
    "text.input 10000 × 14.286 × 0.070 / 1000000 = 0.0100002",
    "text_cache_read.input 5000 × 1.429 × 0.070 / 1000000 = 0.00050015",
    "text_cache_write.input 300 × 17.857 × 0.070 / 1000000 = 0.000374997",
    "text.output 1000 × 71.429 × 0.070 / 1000000 = 0.00500003",
  ]),
  at("gpt-5-4, global", "databricks-gpt-5-4", { scope: "global" }, [
    "text.input 10000 × 35.714 × 0.070 / 1000000 = 0.0249998",
    "text_cache_read.input 5000 × 3.571 × 0.070 / 1000000 = 0.00124985",
    "text.output 1000 × 214.286 × 0.070 / 1000000 = 0.01500002",
  ]),
  at("gpt-5-4-mini, global", "databricks-gpt-5-4-mini", { scope: "global" }, [
    "text.input 10000 × 10.714 × 0.070 / 1000000 = 0.0074998",
    "text_cache_read.input 5000 × 1.071 × 0.070 / 1000000 = 0.00037485",
    "text.output 1000 × 64.286 × 0.070 / 1000000 = 0.00450002",
  ]),
  at("gpt-5-4-nano, global", "databricks-gpt-5-4-nano", { scope: "global" }, [
    "text.input 10000 × 2.857 × 0.070 / 1000000 = 0.0019999",
    "text_cache_read.input 5000 × 0.286 × 0.070 / 1000000 = 0.0001001",
    "text.output 1000 × 17.857 × 0.070 / 1000000 = 0.00124999",
  ]),
  at("gpt-5-2, global", "databricks-gpt-5-2", { scope: "global" }, [
    "text.input 10000 × 25.000 × 0.070 / 1000000 = 0.0175",
    "text_cache_read.input 5000 × 2.500 × 0.070 / 1000000 = 0.000875",
    "text.output 1000 × 200.000 × 0.070 / 1000000 = 0.014",
  ]),
  at("gpt-5-1, global", "databricks-gpt-5-1", { scope: "global" }, [
    "text.input 10000 × 17.857 × 0.070 / 1000000 = 0.0124999",
    "text_cache_read.input 5000 × 1.786 × 0.070 / 1000000 = 0.0006251",
    "text.output 1000 × 142.857 × 0.070 / 1000000 = 0.00999999",
  ]),
  at("gpt-5, global", "databricks-gpt-5", { scope: "global" }, [
    "text.input 10000 × 17.857 × 0.070 / 1000000 = 0.0124999",
    "text_cache_read.input 5000 × 1.786 × 0.070 / 1000000 = 0.0006251",
    "text.output 1000 × 142.857 × 0.070 / 1000000 = 0.00999999",
  ]),
  at("gpt-5-mini, global", "databricks-gpt-5-mini", { scope: "global" }, [
    "text.input 10000 × 3.571 × 0.070 / 1000000 = 0.0024997",
    "text_cache_read.input 5000 × 0.357 × 0.070 / 1000000 = 0.00012495",
    "text.output 1000 × 28.571 × 0.070 / 1000000 = 0.00199997",
  ]),
  at("gpt-5-nano, global", "databricks-gpt-5-nano", { scope: "global" }, [
    "text.input 10000 × 0.714 × 0.070 / 1000000 = 0.0004998",
    "text_cache_read.input 5000 × 0.071 × 0.070 / 1000000 = 0.00002485",
    "text.output 1000 × 5.714 × 0.070 / 1000000 = 0.00039998",
  ]),
  at("claude-fable-5, datazone.us", "databricks-claude-fable-5", { scope: "datazone.us" }, [
    "text.input 10000 × 157.142 × 0.070 / 1000000 = 0.1099994",
    "text_cache_read.input 5000 × 15.714 × 0.070 / 1000000 = 0.0054999",
    "text_cache_write.input 300 × 196.428 × 0.070 / 1000000 = 0.004124988",
    "text.output 1000 × 785.714 × 0.070 / 1000000 = 0.05499998",
  ]),
  at("claude-opus-5, datazone.us", "databricks-claude-opus-5", { scope: "datazone.us" }, [
    "text.input 10000 × 78.571 × 0.070 / 1000000 = 0.0549997",
    "text_cache_read.input 5000 × 7.857 × 0.070 / 1000000 = 0.00274995",
    "text_cache_write.input 300 × 98.214 × 0.070 / 1000000 = 0.002062494",
    "text.output 1000 × 392.857 × 0.070 / 1000000 = 0.02749999",
  ]),
  at("claude-opus-4-8, datazone.us", "databricks-claude-opus-4-8", { scope: "datazone.us" }, [
    "text.input 10000 × 78.571 × 0.070 / 1000000 = 0.0549997",
    "text_cache_read.input 5000 × 7.857 × 0.070 / 1000000 = 0.00274995",
    "text_cache_write.input 300 × 98.214 × 0.070 / 1000000 = 0.002062494",
    "text.output 1000 × 392.857 × 0.070 / 1000000 = 0.02749999",
  ]),
  at("claude-opus-4-7, datazone.us", "databricks-claude-opus-4-7", { scope: "datazone.us" }, [
    "text.input 10000 × 78.571 × 0.070 / 1000000 = 0.0549997",
    "text_cache_read.input 5000 × 7.857 × 0.070 / 1000000 = 0.00274995",
    "text_cache_write.input 300 × 98.214 × 0.070 / 1000000 = 0.002062494",
    "text.output 1000 × 392.857 × 0.070 / 1000000 = 0.02749999",
  ]),
  at("claude-opus-4-6, datazone.us", "databricks-claude-opus-4-6", { scope: "datazone.us" }, [
    "text.input 10000 × 78.571 × 0.070 / 1000000 = 0.0549997",
    "text_cache_read.input 5000 × 7.857 × 0.070 / 1000000 = 0.00274995",
    "text_cache_write.input 300 × 98.214 × 0.070 / 1000000 = 0.002062494",
    "text.output 1000 × 392.857 × 0.070 / 1000000 = 0.02749999",
  ]),
  at("claude-opus-4-5, datazone.us", "databricks-claude-opus-4-5", { scope: "datazone.us" }, [
    "text.input 10000 × 78.571 × 0.070 / 1000000 = 0.0549997",
    "text_cache_read.input 5000 × 7.857 × 0.070 / 1000000 = 0.00274995",
    "text_cache_write.input 300 × 98.214 × 0.070 / 1000000 = 0.002062494",
    "text.output 1000 × 392.857 × 0.070 / 1000000 = 0.02749999",
  ]),
  at("claude-opus-4-1, datazone.us", "databricks-claude-opus-4-1", { scope: "datazone.us" }, [
    "text.input 10000 × 214.286 × 0.070 / 1000000 = 0.1500002",
    "text_cache_read.input 5000 × 21.429 × 0.070 / 1000000 = 0.00750015",
    "text_cache_write.input 300 × 267.857 × 0.070 / 1000000 = 0.005624997",
    "text.output 1000 × 1071.429 × 0.070 / 1000000 = 0.07500003",
  ]),
  at("claude-opus-4, datazone.us", "databricks-claude-opus-4", { scope: "datazone.us" }, [
    "text.input 10000 × 214.286 × 0.070 / 1000000 = 0.1500002",
    "text_cache_read.input 5000 × 21.429 × 0.070 / 1000000 = 0.00750015",
    "text_cache_write.input 300 × 267.857 × 0.070 / 1000000 = 0.005624997",
    "text.output 1000 × 1071.429 × 0.070 / 1000000 = 0.07500003",
  ]),
  at("claude-sonnet-4-6, datazone.us", "databricks-claude-sonnet-4-6", { scope: "datazone.us" }, [
    "text.input 10000 × 47.143 × 0.070 / 1000000 = 0.0330001",
    "text_cache_read.input 5000 × 4.715 × 0.070 / 1000000 = 0.00165025",
    "text_cache_write.input 300 × 58.928 × 0.070 / 1000000 = 0.001237488",
    "text.output 1000 × 235.715 × 0.070 / 1000000 = 0.01650005",
  ]),
  at("claude-sonnet-4-5, datazone.us", "databricks-claude-sonnet-4-5", { scope: "datazone.us" }, [
    "text.input 10000 × 47.143 × 0.070 / 1000000 = 0.0330001",
    "text_cache_read.input 5000 × 4.715 × 0.070 / 1000000 = 0.00165025",
    "text_cache_write.input 300 × 58.928 × 0.070 / 1000000 = 0.001237488",
    "text.output 1000 × 235.715 × 0.070 / 1000000 = 0.01650005",
  ]),
  at("claude-3-7-sonnet, datazone.us", "databricks-claude-3-7-sonnet", { scope: "datazone.us" }, [
    "text.input 10000 × 42.857 × 0.070 / 1000000 = 0.0299999",
    "text_cache_read.input 5000 × 4.286 × 0.070 / 1000000 = 0.0015001",
    "text_cache_write.input 300 × 53.571 × 0.070 / 1000000 = 0.001124991",
    "text.output 1000 × 214.286 × 0.070 / 1000000 = 0.01500002",
  ]),
  at("claude-haiku-4-5, datazone.us", "databricks-claude-haiku-4-5", { scope: "datazone.us" }, [
    "text.input 10000 × 15.715 × 0.070 / 1000000 = 0.0110005",
    "text_cache_read.input 5000 × 1.572 × 0.070 / 1000000 = 0.0005502",
    "text_cache_write.input 300 × 19.643 × 0.070 / 1000000 = 0.000412503",
    "text.output 1000 × 78.572 × 0.070 / 1000000 = 0.00550004",
  ]),
  at("geography not told: global, with a warning", "databricks-claude-sonnet-4-6", {}, [
    "text.input 1000 × 42.857 × 0.070 / 1000000 = 0.00299999",
  ]),
  at(
    "batch is sold by the hour, not by the token",
    "databricks-meta-llama-3-3-70b-instruct",
    { status: "ambiguous", units: { text: [10, 10] }, tier: "batch" },
    [],
  ),
  at(
    "an endpoint of somebody’s own",
    "my-endpoint",
    { status: "unknown_model", units: { text: [10, 10] } },
    [],
  ),
];
