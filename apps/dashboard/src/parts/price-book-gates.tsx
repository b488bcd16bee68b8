import { CircleCheck, CircleX, TriangleAlert } from "lucide-react";
import { type ReactNode } from "react";

import { GATE_NAMES, type Gate } from "../price-books.ts";

import styles from "./price-book-gates.module.css";

/** What an activation asks of a book: each condition with what stands against it. */
export function PriceBookGates({ gates }: { readonly gates: readonly Gate[] }): ReactNode {
  return (
    <section>
      <h3 className={styles["heading"]}>Conditions of activation</h3>
      <ul className={styles["gates"]}>
        {gates.map((gate) => (
          <li key={gate.name} className={styles["gate"]} data-state={stateOf(gate)}>
            <Sign gate={gate} />
            <div className={styles["words"]}>
              <span>
                {GATE_NAMES[gate.name] ?? gate.name}
                <span className="visually-hidden">: {stateOf(gate)}</span>
              </span>
              {gate.passed || !gate.approvable ? null : (
                <span className={styles["note"]}> may be approved</span>
              )}
              {gate.reasons.length === 0 ? null : (
                <ul className={styles["reasons"]}>
                  {gate.reasons.map((reason) => (
                    <li key={reason}>{reason}</li>
                  ))}
                </ul>
              )}
            </div>
          </li>
        ))}
      </ul>
    </section>
  );
}

function stateOf({ passed, approvable }: Gate): "passed" | "to be approved" | "refused" {
  if (passed) return "passed";
  return approvable ? "to be approved" : "refused";
}

function Sign({ gate }: { readonly gate: Gate }): ReactNode {
  const Icon = gate.passed ? CircleCheck : gate.approvable ? TriangleAlert : CircleX;
  return <Icon size={15} aria-hidden="true" className={styles["sign"]} />;
}
