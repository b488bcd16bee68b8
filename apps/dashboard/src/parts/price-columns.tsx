import { type ReactNode } from "react";

import { type Amount, multiplyAmount } from "../amounts.ts";
import { showCompactPer } from "../format.ts";
import { type ListedResource, type UnitPrice } from "../prices.ts";
import { shownPer } from "../unit-prices.ts";
import { type Column } from "./column.ts";
import { Money } from "./money.tsx";

import styles from "./price-columns.module.css";

const MILLION = 1_000_000;
const NO_PRICE = "This has no price: calls that use it are unpriced, not free.";

/** What text costs by the million tokens, cached or not, and every other unit beside it. */
export function priceColumns(): readonly Column<ListedResource>[] {
  return [
    amountColumn("input", "Input / 1M", ({ prices }) => priceOf(prices, "text", "input")),
    amountColumn("output", "Output / 1M", ({ prices }) => priceOf(prices, "text", "output")),
    amountColumn("cache_read", "Cache read / 1M", ({ prices }) =>
      priceOf(prices, "text_cache_read", "input"),
    ),
    amountColumn("cache_write", "Cache write / 1M", ({ prices }) =>
      priceOf(prices, "text_cache_write", "input"),
    ),
    {
      id: "others",
      header: "Other units",
      value: ({ prices }) => othersOf(prices).map(writeUnit).join("; "),
      cell: ({ prices }) => <Others prices={othersOf(prices)} />,
    },
  ];
}

const IN_COLUMNS: readonly (readonly [unit: string, direction: "input" | "output"])[] = [
  ["text", "input"],
  ["text", "output"],
  ["text_cache_read", "input"],
  ["text_cache_write", "input"],
];

function amountColumn(
  id: string,
  header: string,
  value: (row: ListedResource) => Amount,
): Column<ListedResource> {
  return {
    id,
    header,
    align: "right",
    order: "amount",
    value,
    cell: (row) => <Money amount={value(row)} reason={NO_PRICE} aligned />,
  };
}

function priceOf(prices: readonly UnitPrice[], unit: string, direction: "input" | "output"): Amount {
  return multiplyAmount(prices.find((price) => price.unit === unit)?.[direction] ?? null, MILLION);
}

/** What no column shows. */
function othersOf(prices: readonly UnitPrice[]): readonly UnitPrice[] {
  return prices
    .map(({ unit, input, output }) => ({
      unit,
      input: isInColumn(unit, "input") ? null : input,
      output: isInColumn(unit, "output") ? null : output,
    }))
    .filter(({ input, output }) => input !== null || output !== null);
}

function isInColumn(unit: string, direction: "input" | "output"): boolean {
  return IN_COLUMNS.some(([name, way]) => name === unit && way === direction);
}

function Others({ prices }: { readonly prices: readonly UnitPrice[] }): ReactNode {
  return (
    <ul className={styles["others"]}>
      {prices.map(({ unit, input, output }) => {
        const per = shownPer(unit);
        return (
          <li key={unit}>
            <span className={styles["unit"]}>{unit}</span>{" "}
            {[input, output]
              .filter((amount) => amount !== null)
              .map((amount, index) => (
                <span key={index === 0 ? "first" : "second"}>
                  {index === 0 ? null : " in, "}
                  <Money amount={multiplyAmount(amount, per)} />
                </span>
              ))}
            {input !== null && output !== null ? " out" : null}
            <span className={styles["unit"]}>{showCompactPer(String(per))}</span>
          </li>
        );
      })}
    </ul>
  );
}

/** For export: exact, for a single unit. */
function writeUnit({ unit, input, output }: UnitPrice): string {
  const parts = [
    input === null ? undefined : `in ${input}`,
    output === null ? undefined : `out ${output}`,
  ].filter((part) => part !== undefined);
  return `${unit} ${parts.join(", ")} USD each`;
}
