import { type ReactNode } from "react";

import { type Amount, multiplyAmount } from "../amounts.ts";
import { showCompactPer } from "../format.ts";
import { type ListedResource, type UnitPrice } from "../prices.ts";
import { shownPer } from "../unit-prices.ts";
import { type Column } from "./column.ts";
import { Money } from "./money.tsx";

import styles from "./price-columns.module.css";

const MILLION = 1_000_000;
/** More would hide the rows below; the rest opens. */
const SHOWN_UNITS = 2;
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
  if (prices.length === 0) return null;
  const [first, rest] = [prices.slice(0, SHOWN_UNITS), prices.slice(SHOWN_UNITS)];
  return (
    <div className={styles["others"]}>
      {first.map((price) => (
        <Unit key={price.unit} price={price} />
      ))}
      {rest.length === 0 ? null : (
        <details>
          <summary className={styles["unit"]}>{rest.length} more</summary>
          {rest.map((price) => (
            <Unit key={price.unit} price={price} />
          ))}
        </details>
      )}
    </div>
  );
}

/** A fee has no direction: the same price both ways is told once. */
function Unit({ price: { unit, input, output } }: { readonly price: UnitPrice }): ReactNode {
  const per = shownPer(unit);
  const amounts = input === output ? [input] : [input, output].filter((amount) => amount !== null);
  return (
    <div>
      <span className={styles["unit"]}>{unit}</span>{" "}
      {amounts.map((amount, index) => (
        <span key={index === 0 ? "first" : "second"}>
          {index === 0 ? null : " in, "}
          <Money amount={multiplyAmount(amount, per)} />
        </span>
      ))}
      {amounts.length === 2 ? " out" : null}
      <span className={styles["unit"]}>{showCompactPer(String(per))}</span>
    </div>
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
