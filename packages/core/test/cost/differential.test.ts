import { calcPrice } from "@pydantic/genai-prices";
import { expect, test } from "vitest";

import { type CatalogModel, type CatalogProvider, catalog, categoriesOf } from "../../src/cost/catalog.ts";
import { builtInPriceBook, formatMoney, price } from "../../src/cost/index.ts";
import { randomUsage, seededRandom } from "./catalog-usage.ts";

/** Where we differ on purpose: which models, when, and the page that says so. */
const ALLOWED: readonly { models: string; before?: string; from?: string; why: string; page: string }[] = [
  {
    models: "anthropic/claude-sonnet-4-0",
    why: "the premium above 200,000 input tokens is missing in the catalogue",
    page: "https://platform.claude.com/docs/en/about-claude/pricing",
  },
  {
    models: "openai/gpt-4o-transcribe openai/gpt-4o-mini-transcribe",
    from: "2026-01-01",
    why: "the price page has one input price, the catalogue follows the model page",
    page: "https://developers.openai.com/api/docs/pricing",
  },
  {
    models: "openai/o3",
    before: "2025-06-10",
    why: "the catalogue carries today's cached price back before the cut",
    page: "https://developers.openai.com/api/docs/pricing",
  },
  {
    models: "openai/o1-mini",
    before: "2025-01-31",
    why: "the catalogue has no price before the cut",
    page: "https://developers.openai.com/api/docs/pricing",
  },
  {
    models: "azure/o4-mini",
    why: "the page rounds cached input to $0.28, the retail meter has 0.275",
    page: "https://azure.microsoft.com/pricing/details/azure-openai/",
  },
  {
    models: "deepseek/deepseek-v4-flash deepseek/deepseek-v4-pro",
    before: "2026-08-17",
    why: "the catalogue's calculator applies the peak hours of the later price to earlier days",
    page: "https://api-docs.deepseek.com/quick_start/pricing",
  },
];

/** The catalogue's calculator does not find these under any name of their own. */
const UNREACHABLE: readonly string[] = [
  "mistral/magistral-small",
  "openai/ft:gpt-4o",
  "openai/ft:gpt-4o-mini",
];

const book = builtInPriceBook();
const random = seededRandom(20261121);

test("every model of the catalogue costs what its own calculator says, but for a cited list", () => {
  const differing = new Set<string>();
  const unreachable = new Set<string>();
  let compared = 0;
  for (const provider of catalog.providers) {
    for (const model of provider.models) {
      const names = spellings(provider, model);
      if (names === undefined) {
        unreachable.add(`${provider.id}/${model.id}`);
        continue;
      }
      for (const time of times(model)) {
        const { units, usage } = randomUsage(model, random);
        const theirs = calcPrice(usage, names.theirs, { providerId: provider.id, timestamp: time });
        const ours = price(
          {
            category: categoriesOf(provider.id)[0] ?? "",
            resource: names.ours,
            timeMs: time.getTime(),
            units,
            // Vertex: a location in the address always tells; their calculator knows none.
            scope: provider.id === "google" ? "global" : undefined,
          },
          book,
        );
        // A reviewed first day: the catalogue prices a model before it was there.
        if (ours.status === "no_price_at_time") continue;
        compared += 1;
        const amount = ours.total === null ? Number.NaN : Number(formatMoney(ours.total));
        const expected = theirs?.total_price ?? Number.NaN;
        const equal =
          ours.status === "priced" && Math.abs(amount - expected) <= 1e-9 * Math.max(expected, 1e-9);
        const name = `${provider.id}/${model.id}`;
        if (!equal && !isAllowed(name, time))
          differing.add(`${name} ${time.toISOString()}: ${amount} not ${expected}`);
      }
    }
  }
  expect([...differing]).toEqual([]);
  expect([...unreachable]).toEqual(UNREACHABLE);
  expect(compared).toBeGreaterThan(6000);
});

/** The name under which their calculator and our book find the model. Bedrock's are named after where they run. */
function spellings(
  provider: CatalogProvider,
  model: CatalogModel,
): { readonly theirs: string; readonly ours: string } | undefined {
  const places = provider.id === "aws" ? [model.id.replace(/^regional\./, "us.")] : [];
  const finds = (name: string): boolean =>
    calcPrice({}, name, { providerId: provider.id })?.model.id === model.id;
  const theirs = [...places, model.id, ...(model.names ?? [])].find(finds);
  return theirs === undefined ? undefined : { theirs, ours: theirs };
}

/** Random instants, and both sides of every instant at which a price changes. */
function times(model: CatalogModel): Date[] {
  const start = Date.parse("2025-01-01T00:00:00Z");
  const anywhere = Array.from({ length: 4 }, () => new Date(start + random(900 * 86_400) * 1000));
  const changes = model.prices.flatMap((period) =>
    period.from === undefined ? [] : [Date.parse(period.from)],
  );
  return [...anywhere, ...changes.flatMap((change) => [new Date(change), new Date(change - 1)])];
}

function isAllowed(name: string, time: Date): boolean {
  return ALLOWED.some(
    (entry) =>
      entry.models.split(" ").includes(name) &&
      (entry.before === undefined || time < new Date(entry.before)) &&
      (entry.from === undefined || time >= new Date(entry.from)),
  );
}
