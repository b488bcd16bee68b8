/** OpenAI's batch table, cell by cell. */
import { type PriceCase, casesOf } from "./price-case.ts";

const at = casesOf({
  category: "system.openai",
  at: "2026-09-25T12:00:00Z",
  source: "https://developers.openai.com/api/docs/pricing",
});

/** OpenAI's batch table, cell by cell. */
export const openaiBatchCases: readonly PriceCase[] = [
  at("batch gpt-6-astra", "gpt-6-astra", { tier: "batch" }, [
    "text.input 2001 × 5.00 / 1000000 = 0.010005",
    "text_cache_read.input 1007 × 0.50 / 1000000 = 0.0005035",
    "text_cache_write.input 301 × 6.25 / 1000000 = 0.00188125",
    "text.output 503 × 25.00 / 1000000 = 0.012575",
  ]),
  at("batch gpt-6-astra, long prompt", "gpt-6-astra", { tier: "batch" }, [
    "text.input 255001 × 10.00 / 1000000 = 2.55001",
    "text_cache_read.input 20001 × 1.00 / 1000000 = 0.020001",
    "text_cache_write.input 5001 × 12.50 / 1000000 = 0.0625125",
    "text.output 503 × 37.50 / 1000000 = 0.0188625",
  ]),
  at("batch gpt-6-sol", "gpt-6-sol", { tier: "batch" }, [
    "text.input 2002 × 1.00 / 1000000 = 0.002002",
    "text_cache_read.input 1014 × 0.10 / 1000000 = 0.0001014",
    "text_cache_write.input 302 × 1.25 / 1000000 = 0.0003775",
    "text.output 506 × 5.00 / 1000000 = 0.00253",
  ]),
  at("batch gpt-6-sol, long prompt", "gpt-6-sol", { tier: "batch" }, [
    "text.input 255002 × 2.00 / 1000000 = 0.510004",
    "text_cache_read.input 20002 × 0.20 / 1000000 = 0.0040004",
    "text_cache_write.input 5002 × 2.50 / 1000000 = 0.012505",
    "text.output 506 × 7.50 / 1000000 = 0.003795",
  ]),
  at("batch gpt-6-luna", "gpt-6-luna", { tier: "batch" }, [
    "text.input 2003 × 0.05 / 1000000 = 0.00010015",
    "text_cache_read.input 1021 × 0.005 / 1000000 = 0.000005105",
    "text_cache_write.input 303 × 0.0625 / 1000000 = 0.0000189375",
    "text.output 509 × 0.25 / 1000000 = 0.00012725",
  ]),
  at("batch gpt-6-luna, long prompt", "gpt-6-luna", { tier: "batch" }, [
    "text.input 255003 × 0.10 / 1000000 = 0.0255003",
    "text_cache_read.input 20003 × 0.01 / 1000000 = 0.00020003",
    "text_cache_write.input 5003 × 0.125 / 1000000 = 0.000625375",
    "text.output 509 × 0.375 / 1000000 = 0.000190875",
  ]),
  at("batch gpt-5.6-sol", "gpt-5.6-sol", { tier: "batch" }, [
    "text.input 2004 × 2.00 / 1000000 = 0.004008",
    "text_cache_read.input 1028 × 0.20 / 1000000 = 0.0002056",
    "text_cache_write.input 304 × 2.50 / 1000000 = 0.00076",
    "text.output 512 × 10.00 / 1000000 = 0.00512",
  ]),
  at("batch gpt-5.6-sol, long prompt", "gpt-5.6-sol", { tier: "batch" }, [
    "text.input 255004 × 4.00 / 1000000 = 1.020016",
    "text_cache_read.input 20004 × 0.40 / 1000000 = 0.0080016",
    "text_cache_write.input 5004 × 5.00 / 1000000 = 0.02502",
    "text.output 512 × 15.00 / 1000000 = 0.00768",
  ]),
  at("batch gpt-5.6-terra", "gpt-5.6-terra", { tier: "batch" }, [
    "text.input 2005 × 1.00 / 1000000 = 0.002005",
    "text_cache_read.input 1035 × 0.10 / 1000000 = 0.0001035",
    "text_cache_write.input 305 × 1.25 / 1000000 = 0.00038125",
    "text.output 515 × 6.00 / 1000000 = 0.00309",
  ]),
  at("batch gpt-5.6-terra, long prompt", "gpt-5.6-terra", { tier: "batch" }, [
    "text.input 255005 × 2.00 / 1000000 = 0.51001",
    "text_cache_read.input 20005 × 0.20 / 1000000 = 0.004001",
    "text_cache_write.input 5005 × 2.50 / 1000000 = 0.0125125",
    "text.output 515 × 9.00 / 1000000 = 0.004635",
  ]),
  at("batch gpt-5.6-luna", "gpt-5.6-luna", { tier: "batch" }, [
    "text.input 2006 × 0.10 / 1000000 = 0.0002006",
    "text_cache_read.input 1042 × 0.01 / 1000000 = 0.00001042",
    "text_cache_write.input 306 × 0.125 / 1000000 = 0.00003825",
    "text.output 518 × 0.60 / 1000000 = 0.0003108",
  ]),
  at("batch gpt-5.6-luna, long prompt", "gpt-5.6-luna", { tier: "batch" }, [
    "text.input 255006 × 0.20 / 1000000 = 0.0510012",
    "text_cache_read.input 20006 × 0.02 / 1000000 = 0.00040012",
    "text_cache_write.input 5006 × 0.25 / 1000000 = 0.0012515",
    "text.output 518 × 0.90 / 1000000 = 0.0004662",
  ]),
  at("batch gpt-5.5", "gpt-5.5", { tier: "batch" }, [
    "text.input 2007 × 2.50 / 1000000 = 0.0050175",
    "text_cache_read.input 1049 × 0.25 / 1000000 = 0.00026225",
    "text.output 521 × 15.00 / 1000000 = 0.007815",
  ]),
  at("batch gpt-5.5, long prompt", "gpt-5.5", { tier: "batch" }, [
    "text.input 255007 × 5.00 / 1000000 = 1.275035",
    "text_cache_read.input 20007 × 0.50 / 1000000 = 0.0100035",
    "text.output 521 × 22.50 / 1000000 = 0.0117225",
  ]),
  at("batch gpt-5.5-pro", "gpt-5.5-pro", { tier: "batch" }, [
    "text.input 2008 × 15.00 / 1000000 = 0.03012",
    "text.output 524 × 90.00 / 1000000 = 0.04716",
  ]),
  at("batch gpt-5.4", "gpt-5.4", { tier: "batch" }, [
    "text.input 2009 × 1.25 / 1000000 = 0.00251125",
    "text_cache_read.input 1063 × 0.13 / 1000000 = 0.00013819",
    "text.output 527 × 7.50 / 1000000 = 0.0039525",
  ]),
  at("batch gpt-5.4, long prompt", "gpt-5.4", { tier: "batch" }, [
    "text.input 255009 × 2.50 / 1000000 = 0.6375225",
    "text_cache_read.input 20009 × 0.25 / 1000000 = 0.00500225",
    "text.output 527 × 11.25 / 1000000 = 0.00592875",
  ]),
  at("batch gpt-5.4-mini", "gpt-5.4-mini", { tier: "batch" }, [
    "text.input 2010 × 0.375 / 1000000 = 0.00075375",
    "text_cache_read.input 1070 × 0.0375 / 1000000 = 0.000040125",
    "text.output 530 × 2.25 / 1000000 = 0.0011925",
  ]),
  at("batch gpt-5.4-nano", "gpt-5.4-nano", { tier: "batch" }, [
    "text.input 2011 × 0.10 / 1000000 = 0.0002011",
    "text_cache_read.input 1077 × 0.01 / 1000000 = 0.00001077",
    "text.output 533 × 0.625 / 1000000 = 0.000333125",
  ]),
  at("batch gpt-5.4-pro", "gpt-5.4-pro", { tier: "batch" }, [
    "text.input 2012 × 15.00 / 1000000 = 0.03018",
    "text.output 536 × 90.00 / 1000000 = 0.04824",
  ]),
  at("batch gpt-5.4-pro, long prompt", "gpt-5.4-pro", { tier: "batch" }, [
    "text.input 285012 × 30.00 / 1000000 = 8.55036",
    "text.output 536 × 135.00 / 1000000 = 0.07236",
  ]),
  at("batch gpt-5.2", "gpt-5.2", { tier: "batch" }, [
    "text.input 2013 × 0.875 / 1000000 = 0.001761375",
    "text_cache_read.input 1091 × 0.0875 / 1000000 = 0.0000954625",
    "text.output 539 × 7.00 / 1000000 = 0.003773",
  ]),
  at("batch gpt-5.2-pro", "gpt-5.2-pro", { tier: "batch" }, [
    "text.input 2014 × 10.50 / 1000000 = 0.021147",
    "text.output 542 × 84.00 / 1000000 = 0.045528",
  ]),
  at("batch gpt-5.1", "gpt-5.1", { tier: "batch" }, [
    "text.input 2015 × 0.625 / 1000000 = 0.001259375",
    "text_cache_read.input 1105 × 0.0625 / 1000000 = 0.0000690625",
    "text.output 545 × 5.00 / 1000000 = 0.002725",
  ]),
  at("batch gpt-5", "gpt-5", { tier: "batch" }, [
    "text.input 2016 × 0.625 / 1000000 = 0.00126",
    "text_cache_read.input 1112 × 0.0625 / 1000000 = 0.0000695",
    "text.output 548 × 5.00 / 1000000 = 0.00274",
  ]),
  at("batch gpt-5-mini", "gpt-5-mini", { tier: "batch" }, [
    "text.input 2017 × 0.125 / 1000000 = 0.000252125",
    "text_cache_read.input 1119 × 0.0125 / 1000000 = 0.0000139875",
    "text.output 551 × 1.00 / 1000000 = 0.000551",
  ]),
  at("batch gpt-5-nano", "gpt-5-nano", { tier: "batch" }, [
    "text.input 2018 × 0.025 / 1000000 = 0.00005045",
    "text_cache_read.input 1126 × 0.0025 / 1000000 = 0.000002815",
    "text.output 554 × 0.20 / 1000000 = 0.0001108",
  ]),
  at("batch gpt-5-pro", "gpt-5-pro", { tier: "batch" }, [
    "text.input 2019 × 7.50 / 1000000 = 0.0151425",
    "text.output 557 × 60.00 / 1000000 = 0.03342",
  ]),
  at("batch gpt-4.1", "gpt-4.1", { tier: "batch" }, [
    "text.input 2020 × 1.00 / 1000000 = 0.00202",
    "text.output 560 × 4.00 / 1000000 = 0.00224",
  ]),
  at("batch gpt-4.1-mini", "gpt-4.1-mini", { tier: "batch" }, [
    "text.input 2021 × 0.20 / 1000000 = 0.0004042",
    "text.output 563 × 0.80 / 1000000 = 0.0004504",
  ]),
  at("batch gpt-4.1-nano", "gpt-4.1-nano", { tier: "batch" }, [
    "text.input 2022 × 0.05 / 1000000 = 0.0001011",
    "text.output 566 × 0.20 / 1000000 = 0.0001132",
  ]),
  at("batch gpt-4o", "gpt-4o", { tier: "batch" }, [
    "text.input 2023 × 1.25 / 1000000 = 0.00252875",
    "text.output 569 × 5.00 / 1000000 = 0.002845",
  ]),
  at("batch gpt-4o-2024-11-20", "gpt-4o-2024-11-20", { tier: "batch" }, [
    "text.input 2024 × 1.25 / 1000000 = 0.00253",
    "text.output 572 × 5.00 / 1000000 = 0.00286",
  ]),
  at("batch gpt-4o-2024-05-13", "gpt-4o-2024-05-13", { tier: "batch" }, [
    "text.input 2025 × 2.50 / 1000000 = 0.0050625",
    "text.output 575 × 7.50 / 1000000 = 0.0043125",
  ]),
  at("batch gpt-4o-mini", "gpt-4o-mini", { tier: "batch" }, [
    "text.input 2026 × 0.075 / 1000000 = 0.00015195",
    "text.output 578 × 0.30 / 1000000 = 0.0001734",
  ]),
  at("batch o1", "o1", { tier: "batch" }, [
    "text.input 2027 × 7.50 / 1000000 = 0.0152025",
    "text.output 581 × 30.00 / 1000000 = 0.01743",
  ]),
  at("batch o1-pro", "o1-pro", { tier: "batch" }, [
    "text.input 2028 × 75.00 / 1000000 = 0.1521",
    "text.output 584 × 300.00 / 1000000 = 0.1752",
  ]),
  at("batch o3-pro", "o3-pro", { tier: "batch" }, [
    "text.input 2029 × 10.00 / 1000000 = 0.02029",
    "text.output 587 × 40.00 / 1000000 = 0.02348",
  ]),
  at("batch o3", "o3", { tier: "batch" }, [
    "text.input 2030 × 1.00 / 1000000 = 0.00203",
    "text.output 590 × 4.00 / 1000000 = 0.00236",
  ]),
  at("batch o4-mini", "o4-mini", { tier: "batch" }, [
    "text.input 2031 × 0.55 / 1000000 = 0.00111705",
    "text.output 593 × 2.20 / 1000000 = 0.0013046",
  ]),
  at("batch o3-mini", "o3-mini", { tier: "batch" }, [
    "text.input 2032 × 0.55 / 1000000 = 0.0011176",
    "text.output 596 × 2.20 / 1000000 = 0.0013112",
  ]),
  at("batch gpt-4-turbo-2024-04-09", "gpt-4-turbo-2024-04-09", { tier: "batch" }, [
    "text.input 2033 × 5.00 / 1000000 = 0.010165",
    "text.output 599 × 15.00 / 1000000 = 0.008985",
  ]),
  at("batch gpt-4-0613", "gpt-4-0613", { tier: "batch" }, [
    "text.input 2034 × 15.00 / 1000000 = 0.03051",
    "text.output 602 × 30.00 / 1000000 = 0.01806",
  ]),
  at("batch gpt-3.5-turbo-0125", "gpt-3.5-turbo-0125", { tier: "batch" }, [
    "text.input 2035 × 0.25 / 1000000 = 0.00050875",
    "text.output 605 × 0.75 / 1000000 = 0.00045375",
  ]),
  at("batch gpt-3.5-turbo-1106", "gpt-3.5-turbo-1106", { tier: "batch" }, [
    "text.input 2036 × 1.00 / 1000000 = 0.002036",
    "text.output 608 × 2.00 / 1000000 = 0.001216",
  ]),
  at("batch davinci-002", "davinci-002", { tier: "batch" }, [
    "text.input 2037 × 1.00 / 1000000 = 0.002037",
    "text.output 611 × 1.00 / 1000000 = 0.000611",
  ]),
  at("batch babbage-002", "babbage-002", { tier: "batch" }, [
    "text.input 2038 × 0.20 / 1000000 = 0.0004076",
    "text.output 614 × 0.20 / 1000000 = 0.0001228",
  ]),
];
