import { type CostLineText, type RequestDetail } from "@payi/core/wire";
import { type ReactNode } from "react";

import { showCompactPer, showCount, showExactMoney } from "../format.ts";
import { STATUS_REASONS } from "../words.ts";
import { CostRevisions } from "./cost-revisions.tsx";

import styles from "./cost-lines.module.css";

/** How the cost comes about: units × price × rule = amount, line by line, to the last decimal. */
export function CostLines({ request }: { readonly request: RequestDetail }): ReactNode {
  const unknown = Object.entries(request.unknown_units);
  return (
    <section>
      <h3 className={styles["heading"]}>How the cost comes about</h3>
      {request.lines.length === 0 ? (
        <p className={styles["none"]}>{whyNoLines(request)}</p>
      ) : (
        <div className={styles["scroller"]} role="group" aria-label="Lines of the cost" tabIndex={0}>
          <table className={styles["lines"]}>
            <thead>
              <tr>
                <th scope="col">Unit</th>
                <th scope="col">Count</th>
                <th scope="col">Price</th>
                <th scope="col">Rule</th>
                <th scope="col">Amount</th>
              </tr>
            </thead>
            <tbody>
              {request.lines.map((line) => (
                <Line key={`${line.unit} ${line.direction} ${line.rate_id}`} line={line} />
              ))}
            </tbody>
            <tfoot>
              <tr>
                <td colSpan={4}>Cost</td>
                <td>{showExactMoney(request.cost)}</td>
              </tr>
            </tfoot>
          </table>
        </div>
      )}
      {unknown.length === 0 ? null : (
        <p className={styles["unknown"]}>
          Without a price:{" "}
          {unknown
            .map(([unit, { input, output }]) =>
              [
                ...(input === undefined ? [] : [`${unit} ${showCount(input)} in`]),
                ...(output === undefined ? [] : [`${unit} ${showCount(output)} out`]),
              ].join(", "),
            )
            .join("; ")}
          . These are in no sum.
        </p>
      )}
      <CostRevisions revisions={request.revisions} />
      {request.book === null ? null : (
        <p className={styles["book"]}>
          Price book <code>{request.book}</code>
        </p>
      )}
    </section>
  );
}

function Line({ line }: { readonly line: CostLineText }): ReactNode {
  return (
    <tr>
      <td>
        {line.unit}
        <span className={styles["direction"]}>{line.direction}</span>
      </td>
      <td>{showCount(line.count)}</td>
      <td title={`${showExactMoney(line.usd)} per ${showCount(Number(line.per))}, ${line.rate_id}`}>
        {showExactMoney(line.usd)}
        <span className={styles["per"]}>{showCompactPer(line.per)}</span>
      </td>
      <td>
        {line.multipliers.length === 0 ? "×1" : line.multipliers.map((factor) => `×${factor}`).join(" ")}
      </td>
      <td>{showExactMoney(line.amount)}</td>
    </tr>
  );
}

function whyNoLines(request: RequestDetail): string {
  if (request.status !== "priced") return STATUS_REASONS[request.status];
  return request.cost === "0" ? "Nothing was counted that costs anything." : "The lines were not kept.";
}
