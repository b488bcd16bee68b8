import { describe, expect, test } from "vitest";

import { type PriceRequest, builtInPriceBook, formatMoney, price } from "../../src/cost/index.ts";

const book = builtInPriceBook();
const call: PriceRequest = {
  category: "system.anthropic",
  resource: "claude-sonnet-4-6",
  timeMs: Date.parse("2026-09-10T12:00:00Z"),
  units: { text: { input: 2000, output: 500 } },
};
const usd = (request: PriceRequest): string => {
  const { total } = price(request, book);
  return total === null ? "none" : formatMoney(total);
};

describe("the status says what a cost is worth", () => {
  test("priced: every counted unit has a price", () => {
    expect(price(call, book)).toMatchObject({ status: "priced", warnings: [], unknownUnits: {} });
    expect(usd(call)).toBe("0.0135");
  });

  test("partial: what has a price is charged, the rest is named with its counts", () => {
    const result = price({ ...call, units: { ...call.units, holograms: { input: 3, output: 4 } } }, book);
    expect(result).toMatchObject({ status: "partial", unknownUnits: { holograms: { input: 3, output: 4 } } });
    expect(formatMoney(result.total ?? 0n)).toBe("0.0135");
  });

  test("partial: a unit may be priced in one direction only", () => {
    const result = price({ ...call, units: { text_cache_read: { input: 1000, output: 7 } } }, book);
    expect(result).toMatchObject({
      status: "partial",
      unknownUnits: { text_cache_read: { input: 0, output: 7 } },
    });
  });

  test("unknown_unit: nothing that was counted has a price", () => {
    const result = price({ ...call, units: { holograms: { input: 3, output: 0 } } }, book);
    expect(result).toMatchObject({ status: "unknown_unit", total: null, lines: [] });
  });

  test("unknown_model: nobody declared the name; a name that begins like a known one is not it", () => {
    for (const resource of ["claude-sonnet-4-6-turbo", "claude-sonnet", "gpt-4o-mini-2031", "CLAUDE", ""]) {
      expect(price({ ...call, resource }, book).status).toBe("unknown_model");
    }
    expect(price({ ...call, category: "system.nobody" }, book).status).toBe("unknown_model");
  });

  test("no_price_at_time: the model did not exist yet", () => {
    const early = { ...call, resource: "claude-sonnet-4-5", timeMs: Date.parse("2025-09-28T23:59:59Z") };
    expect(price(early, book)).toMatchObject({ status: "no_price_at_time", total: null });
    expect(price({ ...early, timeMs: Date.parse("2025-09-29T00:00:00Z") }, book).status).toBe("priced");
  });

  test("ambiguous: the price of a tier that no row knows is not guessed", () => {
    const result = price({ ...call, facts: { serviceTier: "turbo" } }, book);
    expect(result).toMatchObject({ status: "ambiguous", total: null });
    expect(result.warnings).toEqual(["system.anthropic/claude-sonnet-4-6 has no price for tier turbo"]);
  });

  test.each([-1, Number.NaN])("ambiguous: a count of %s is an error of whoever counted", (input) => {
    const result = price({ ...call, units: { text: { input, output: 5 } } }, book);
    expect(result).toMatchObject({ status: "ambiguous", total: null });
    expect(result.warnings[0]).toContain(`text has the counts ${input} and 5`);
  });

  test("a call that counted nothing costs nothing, at any time", () => {
    expect(usd({ ...call, units: {} })).toBe("0");
    expect(usd({ ...call, timeMs: 0, units: { text: { input: 0, output: 0 } } })).toBe("0");
  });
});

describe("what errors of other tables this engine does not repeat", () => {
  test("cached tokens are charged once, at their own price", () => {
    expect(
      usd({ ...call, units: { text: { input: 0, output: 0 }, text_cache_read: { input: 1e6, output: 0 } } }),
    ).toBe("0.3");
  });

  test("the two lifetimes of Anthropic's cache have two prices", () => {
    expect(usd({ ...call, units: { text_cache_write: { input: 1e6, output: 0 } } })).toBe("3.75");
    expect(usd({ ...call, units: { text_cache_write_1h: { input: 1e6, output: 0 } } })).toBe("6");
  });

  test("thinking is charged, as output", () => {
    const google = { ...call, category: "system.google.vertex", resource: "gemini-2.5-pro" };
    expect(usd({ ...google, units: { reasoning: { input: 0, output: 1e6 } } })).toBe(
      usd({ ...google, units: { text: { input: 0, output: 1e6 } } }),
    );
  });

  test("the size of the prompt counts what was cached and written too, and prices the whole call", () => {
    const gpt = { ...call, category: "system.openai", resource: "gpt-5.4" };
    const units = { text: { input: 100_000, output: 0 }, text_cache_read: { input: 171_999, output: 0 } };
    const [below, above] = [units, { ...units, text: { input: 100_001, output: 0 } }].map((each) =>
      price({ ...gpt, units: each }, book).lines.map((line) => line.usd),
    );
    expect(below).toEqual(["2.5", "0.25"]);
    expect(above).toEqual(["5", "0.5"]);
  });

  test("Bedrock's geographies cost their uplift", () => {
    const bedrock = { ...call, category: "system.aws.bedrock" };
    expect(usd({ ...bedrock, resource: "global.anthropic.claude-sonnet-4-6" })).toBe("0.0135");
    expect(usd({ ...bedrock, resource: "eu.anthropic.claude-sonnet-4-6" })).toBe("0.01485");
    expect(usd({ ...bedrock, resource: "anthropic.claude-sonnet-4-6", scope: "region.eu-west-1" })).toBe(
      "0.01485",
    );
  });

  test("a model that is free is priced, at nothing", () => {
    const free = {
      ...call,
      category: "system.openrouter",
      resource: "agentica-org/deepcoder-14b-preview:free",
    };
    expect(price(free, book)).toMatchObject({ status: "priced", total: 0n });
    expect(
      price({ ...call, category: "system.openai", resource: "omni-moderation-latest" }, book),
    ).toMatchObject({
      status: "priced",
      total: 0n,
    });
  });

  test("a fee per call is charged once, and only for calls that did something", () => {
    const sonar = { ...call, category: "system.perplexity", resource: "sonar" };
    const fees = price(sonar, book).lines.filter((line) => line.unit === "request");
    expect(fees).toMatchObject([{ direction: "other", count: 1 }]);
    expect(price({ ...sonar, units: {} }, book).lines).toEqual([]);
  });

  test("prices by the hour of the day hold in their hours", () => {
    const deepseek = { ...call, category: "system.deepseek", resource: "deepseek-chat" };
    const at = (time: string): string => usd({ ...deepseek, timeMs: Date.parse(time) });
    expect(at("2025-05-01T16:29:59Z")).not.toBe(at("2025-05-01T16:30:00Z"));
    expect(at("2025-05-01T23:00:00Z")).toBe(at("2025-05-02T00:29:59Z"));
    expect(at("2025-05-02T00:30:00Z")).toBe(at("2025-05-01T16:29:59Z"));
  });
});

describe("modifiers", () => {
  test("the tier that was asked for is not the one served: auto is standard, with a warning", () => {
    const result = price(
      { ...call, category: "system.openai", resource: "gpt-5", facts: { serviceTier: "auto" } },
      book,
    );
    expect(result.status).toBe("priced");
    expect(result.warnings.join()).toContain('"auto" says what was asked for');
  });

  test("OpenAI's fast mode and priority processing are one tier", () => {
    const gpt = { ...call, category: "system.openai", resource: "gpt-5.4" };
    const priority = price({ ...gpt, facts: { serviceTier: "priority" } }, book);
    expect(priority.status).toBe("priced");
    expect(price({ ...gpt, facts: { serviceTier: "fast" } }, book).total).toBe(priority.total);
  });

  test("residency multiplies every token and no fee", () => {
    const units = { text: { input: 1000, output: 0 }, web_search_request: { input: 0, output: 2 } };
    const result = price(
      { ...call, resource: "claude-opus-4-6", units, facts: { inferenceGeo: "us" } },
      book,
    );
    expect(result.lines.map(({ unit, multipliers }) => [unit, multipliers])).toEqual([
      ["text", ["1.1"]],
      ["web_search_request", []],
    ]);
  });

  test("a Bedrock model without a place in its name runs in the region, and an Azure deployment is global, aloud", () => {
    const bedrock = { ...call, category: "system.aws.bedrock", resource: "anthropic.claude-sonnet-4-6" };
    const untold = price(bedrock, book);
    expect(untold.total).toBe(price({ ...bedrock, scope: "region" }, book).total);
    expect(untold.total).toBeGreaterThan(price({ ...bedrock, scope: "global" }, book).total ?? 0n);
    expect(untold.warnings.join()).toContain("no scope was told; priced as region");
    const azure = price({ ...call, category: "system.azureopenai", resource: "gpt-5" }, book);
    expect(azure.status).toBe("priced");
    expect(azure.warnings.join()).toContain("no scope was told; priced as global");
  });

  test("where nothing says what no scope means, a price that scopes change is not guessed", () => {
    const claude = {
      ...call,
      category: "system.google.vertex",
      resource: "anthropic.claude-sonnet-4-6",
      timeMs: Date.parse("2026-09-10T12:00:00Z"),
    };
    const untold = price(claude, book);
    expect(untold).toMatchObject({ status: "ambiguous", total: null, unknownUnits: claude.units });
    expect(untold.warnings.join()).toContain("costs differently in global, datazone, region");
    expect(price({ ...claude, scope: "somewhere" }, book).status).toBe("ambiguous");
    expect(price({ ...claude, scope: "global" }, book).status).toBe("priced");
    expect(price({ ...claude, units: {} }, book)).toMatchObject({ status: "priced", total: 0n });
  });

  test("a known scope without a row has no price, whatever other scopes cost", () => {
    const request = {
      ...call,
      category: "system.azureopenai",
      resource: "gpt-5-pro",
      scope: "region.eastus",
    };
    expect(price(request, book)).toMatchObject({ status: "ambiguous", total: null });
  });

  test("the sum of many calls chooses no tier of context size", () => {
    const gpt = { ...call, category: "system.openai", resource: "gpt-5.4", facts: { serviceTier: "batch" } };
    const sum = { ...gpt, facts: { ...gpt.facts, sumOfCalls: true } };
    const large = { text: { input: 1_000_000, output: 10 } };
    const one = price({ ...gpt, units: large }, book);
    expect(one.status).toBe("priced");
    const many = price({ ...sum, units: large }, book);
    expect(many).toMatchObject({ status: "ambiguous", total: null, unknownUnits: large });
    expect(many.warnings.join()).toContain("the sum of many calls");
    const small = { text: { input: 200_000, output: 10 } };
    expect(price({ ...sum, units: small }, book).total).toBe(price({ ...gpt, units: small }, book).total);
    const flat = { ...sum, resource: "gpt-4.1", units: large };
    expect(price(flat, book)).toMatchObject({ status: "priced", warnings: [] });
  });

  test("a scope outside the grammar is left out aloud", () => {
    const result = price({ ...call, scope: "Frankfurt, mostly" }, book);
    expect(result.status).toBe("priced");
    expect(result.warnings.join()).toContain('scope "Frankfurt, mostly" is not global');
  });

  test("the scope in a name beats a different one beside it, aloud", () => {
    const request = {
      ...call,
      category: "system.aws.bedrock",
      resource: "global.anthropic.claude-sonnet-4-6",
    };
    const result = price({ ...request, scope: "region.us-east-1" }, book);
    expect(formatMoney(result.total ?? 0n)).toBe("0.0135");
    expect(result.warnings.join()).toContain(
      "the resource's name says global but the scope given is region.us-east-1",
    );
  });

  test("large-context names count as their base; a client's own guess of the size is only reported", () => {
    const gpt = { ...call, category: "system.openai", resource: "gpt-5.4" };
    const small = price({ ...gpt, units: { text_large_context: { input: 1000, output: 0 } } }, book);
    expect(small.lines).toMatchObject([{ unit: "text_large_context", usd: "2.5" }]);
    expect(small.warnings.join()).toContain("1000 input tokens are below the price's own threshold");
    const large = price({ ...gpt, units: { text_large_context: { input: 300_000, output: 0 } } }, book);
    expect(large.lines).toMatchObject([{ usd: "5" }]);
    expect(large.warnings).toEqual([]);
  });
});
