/** OpenAI's flex table, cell by cell. */
import { type PriceCase, casesOf } from "./price-case.ts";

const at = casesOf({
  category: "system.openai",
  at: "2026-09-25T12:00:00Z",
  source: "https://developers.openai.com/api/docs/pricing",
});

/** OpenAI's flex table, cell by cell. */
export const openaiFlexCases: readonly PriceCase[] = [
  at("flex gpt-6-astra", "gpt-6-astra", { tier: "flex" }, [
    "text.input 2039 × 5.00 / 1000000 = 0.010195",
    "text_cache_read.input 1273 × 0.50 / 1000000 = 0.0006365",
    "text_cache_write.input 339 × 6.25 / 1000000 = 0.00211875",
    "text.output 617 × 25.00 / 1000000 = 0.015425",
  ]),
  at("flex gpt-6-astra, long prompt", "gpt-6-astra", { tier: "flex" }, [
    "text.input 255039 × 10.00 / 1000000 = 2.55039",
    "text_cache_read.input 20039 × 1.00 / 1000000 = 0.020039",
    "text_cache_write.input 5039 × 12.50 / 1000000 = 0.0629875",
    "text.output 617 × 37.50 / 1000000 = 0.0231375",
  ]),
  at("flex gpt-6-sol", "gpt-6-sol", { tier: "flex" }, [
    "text.input 2040 × 1.00 / 1000000 = 0.00204",
    "text_cache_read.input 1280 × 0.10 / 1000000 = 0.000128",
    "text_cache_write.input 340 × 1.25 / 1000000 = 0.000425",
    "text.output 620 × 5.00 / 1000000 = 0.0031",
  ]),
  at("flex gpt-6-sol, long prompt", "gpt-6-sol", { tier: "flex" }, [
    "text.input 255040 × 2.00 / 1000000 = 0.51008",
    "text_cache_read.input 20040 × 0.20 / 1000000 = 0.004008",
    "text_cache_write.input 5040 × 2.50 / 1000000 = 0.0126",
    "text.output 620 × 7.50 / 1000000 = 0.00465",
  ]),
  at("flex gpt-6-luna", "gpt-6-luna", { tier: "flex" }, [
    "text.input 2041 × 0.05 / 1000000 = 0.00010205",
    "text_cache_read.input 1287 × 0.005 / 1000000 = 0.000006435",
    "text_cache_write.input 341 × 0.0625 / 1000000 = 0.0000213125",
    "text.output 623 × 0.25 / 1000000 = 0.00015575",
  ]),
  at("flex gpt-6-luna, long prompt", "gpt-6-luna", { tier: "flex" }, [
    "text.input 255041 × 0.10 / 1000000 = 0.0255041",
    "text_cache_read.input 20041 × 0.01 / 1000000 = 0.00020041",
    "text_cache_write.input 5041 × 0.125 / 1000000 = 0.000630125",
    "text.output 623 × 0.375 / 1000000 = 0.000233625",
  ]),
  at("flex gpt-5.6-sol", "gpt-5.6-sol", { tier: "flex" }, [
    "text.input 2042 × 2.00 / 1000000 = 0.004084",
    "text_cache_read.input 1294 × 0.20 / 1000000 = 0.0002588",
    "text_cache_write.input 342 × 2.50 / 1000000 = 0.000855",
    "text.output 626 × 10.00 / 1000000 = 0.00626",
  ]),
  at("flex gpt-5.6-sol, long prompt", "gpt-5.6-sol", { tier: "flex" }, [
    "text.input 255042 × 4.00 / 1000000 = 1.020168",
    "text_cache_read.input 20042 × 0.40 / 1000000 = 0.0080168",
    "text_cache_write.input 5042 × 5.00 / 1000000 = 0.02521",
    "text.output 626 × 15.00 / 1000000 = 0.00939",
  ]),
  at("flex gpt-5.6-terra", "gpt-5.6-terra", { tier: "flex" }, [
    "text.input 2043 × 1.00 / 1000000 = 0.002043",
    "text_cache_read.input 1301 × 0.10 / 1000000 = 0.0001301",
    "text_cache_write.input 343 × 1.25 / 1000000 = 0.00042875",
    "text.output 629 × 6.00 / 1000000 = 0.003774",
  ]),
  at("flex gpt-5.6-terra, long prompt", "gpt-5.6-terra", { tier: "flex" }, [
    "text.input 255043 × 2.00 / 1000000 = 0.510086",
    "text_cache_read.input 20043 × 0.20 / 1000000 = 0.0040086",
    "text_cache_write.input 5043 × 2.50 / 1000000 = 0.0126075",
    "text.output 629 × 9.00 / 1000000 = 0.005661",
  ]),
  at("flex gpt-5.6-luna", "gpt-5.6-luna", { tier: "flex" }, [
    "text.input 2044 × 0.10 / 1000000 = 0.0002044",
    "text_cache_read.input 1308 × 0.01 / 1000000 = 0.00001308",
    "text_cache_write.input 344 × 0.125 / 1000000 = 0.000043",
    "text.output 632 × 0.60 / 1000000 = 0.0003792",
  ]),
  at("flex gpt-5.6-luna, long prompt", "gpt-5.6-luna", { tier: "flex" }, [
    "text.input 255044 × 0.20 / 1000000 = 0.0510088",
    "text_cache_read.input 20044 × 0.02 / 1000000 = 0.00040088",
    "text_cache_write.input 5044 × 0.25 / 1000000 = 0.001261",
    "text.output 632 × 0.90 / 1000000 = 0.0005688",
  ]),
  at("flex gpt-5.5", "gpt-5.5", { tier: "flex" }, [
    "text.input 2045 × 2.50 / 1000000 = 0.0051125",
    "text_cache_read.input 1315 × 0.25 / 1000000 = 0.00032875",
    "text.output 635 × 15.00 / 1000000 = 0.009525",
  ]),
  at("flex gpt-5.5, long prompt", "gpt-5.5", { tier: "flex" }, [
    "text.input 255045 × 5.00 / 1000000 = 1.275225",
    "text_cache_read.input 20045 × 0.50 / 1000000 = 0.0100225",
    "text.output 635 × 22.50 / 1000000 = 0.0142875",
  ]),
  at("flex gpt-5.5-pro", "gpt-5.5-pro", { tier: "flex" }, [
    "text.input 2046 × 15.00 / 1000000 = 0.03069",
    "text.output 638 × 90.00 / 1000000 = 0.05742",
  ]),
  at("flex gpt-5.4", "gpt-5.4", { tier: "flex" }, [
    "text.input 2047 × 1.25 / 1000000 = 0.00255875",
    "text_cache_read.input 1329 × 0.13 / 1000000 = 0.00017277",
    "text.output 641 × 7.50 / 1000000 = 0.0048075",
  ]),
  at("flex gpt-5.4, long prompt", "gpt-5.4", { tier: "flex" }, [
    "text.input 255047 × 2.50 / 1000000 = 0.6376175",
    "text_cache_read.input 20047 × 0.25 / 1000000 = 0.00501175",
    "text.output 641 × 11.25 / 1000000 = 0.00721125",
  ]),
  at("flex gpt-5.4-mini", "gpt-5.4-mini", { tier: "flex" }, [
    "text.input 2048 × 0.375 / 1000000 = 0.000768",
    "text_cache_read.input 1336 × 0.0375 / 1000000 = 0.0000501",
    "text.output 644 × 2.25 / 1000000 = 0.001449",
  ]),
  at("flex gpt-5.4-nano", "gpt-5.4-nano", { tier: "flex" }, [
    "text.input 2049 × 0.10 / 1000000 = 0.0002049",
    "text_cache_read.input 1343 × 0.01 / 1000000 = 0.00001343",
    "text.output 647 × 0.625 / 1000000 = 0.000404375",
  ]),
  at("flex gpt-5.4-pro", "gpt-5.4-pro", { tier: "flex" }, [
    "text.input 2050 × 15.00 / 1000000 = 0.03075",
    "text.output 650 × 90.00 / 1000000 = 0.0585",
  ]),
  at("flex gpt-5.4-pro, long prompt", "gpt-5.4-pro", { tier: "flex" }, [
    "text.input 285050 × 30.00 / 1000000 = 8.5515",
    "text.output 650 × 135.00 / 1000000 = 0.08775",
  ]),
  at("flex gpt-5.2", "gpt-5.2", { tier: "flex" }, [
    "text.input 2051 × 0.875 / 1000000 = 0.001794625",
    "text_cache_read.input 1357 × 0.0875 / 1000000 = 0.0001187375",
    "text.output 653 × 7.00 / 1000000 = 0.004571",
  ]),
  at("flex gpt-5.1", "gpt-5.1", { tier: "flex" }, [
    "text.input 2052 × 0.625 / 1000000 = 0.0012825",
    "text_cache_read.input 1364 × 0.0625 / 1000000 = 0.00008525",
    "text.output 656 × 5.00 / 1000000 = 0.00328",
  ]),
  at("flex gpt-5", "gpt-5", { tier: "flex" }, [
    "text.input 2053 × 0.625 / 1000000 = 0.001283125",
    "text_cache_read.input 1371 × 0.0625 / 1000000 = 0.0000856875",
    "text.output 659 × 5.00 / 1000000 = 0.003295",
  ]),
  at("flex gpt-5-mini", "gpt-5-mini", { tier: "flex" }, [
    "text.input 2054 × 0.125 / 1000000 = 0.00025675",
    "text_cache_read.input 1378 × 0.0125 / 1000000 = 0.000017225",
    "text.output 662 × 1.00 / 1000000 = 0.000662",
  ]),
  at("flex gpt-5-nano", "gpt-5-nano", { tier: "flex" }, [
    "text.input 2055 × 0.025 / 1000000 = 0.000051375",
    "text_cache_read.input 1385 × 0.0025 / 1000000 = 0.0000034625",
    "text.output 665 × 0.20 / 1000000 = 0.000133",
  ]),
  at("flex o3", "o3", { tier: "flex" }, [
    "text.input 2056 × 1.00 / 1000000 = 0.002056",
    "text_cache_read.input 1392 × 0.25 / 1000000 = 0.000348",
    "text.output 668 × 4.00 / 1000000 = 0.002672",
  ]),
  at("flex o4-mini", "o4-mini", { tier: "flex" }, [
    "text.input 2057 × 0.55 / 1000000 = 0.00113135",
    "text_cache_read.input 1399 × 0.138 / 1000000 = 0.000193062",
    "text.output 671 × 2.20 / 1000000 = 0.0014762",
  ]),
];
