import { type RequestDetail } from "@payi/core/wire";
import { type ReactNode } from "react";

import { showExactMoney } from "../format.ts";
import { Time } from "./time.tsx";

import styles from "./cost-lines.module.css";

/** Every figure that a request had and why, once there was more than one. */
export function CostRevisions({ revisions }: Pick<RequestDetail, "revisions">): ReactNode {
  if (revisions.length < 2) return null;
  return (
    <div className={styles["scroller"]} role="group" aria-label="Figures it had" tabIndex={0}>
      <table className={styles["lines"]}>
        <thead>
          <tr>
            <th scope="col">Figures it had</th>
            <th scope="col">Price book</th>
            <th scope="col">Since</th>
            <th scope="col">Cost</th>
          </tr>
        </thead>
        <tbody>
          {revisions.map(({ revision, reason, book, time, amount }) => (
            <tr key={revision}>
              <td>{reason === "ingest" ? "as recorded" : reason}</td>
              <td>
                <code>{book}</code>
              </td>
              <td>
                <Time at={time} />
              </td>
              <td>{amount === null ? "unknown" : showExactMoney(amount)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
