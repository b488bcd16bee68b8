import { useQuery } from "@tanstack/react-query";
import { type ReactNode } from "react";

import { feedQuery } from "../api-prices.ts";
import { GATE_NAMES } from "../price-books.ts";
import { Time } from "./time.tsx";

import styles from "./form.module.css";

/** What the address that is looked at for price books brought last; nothing where none is. */
export function PriceFeedNote(): ReactNode {
  const feed = useQuery(feedQuery).data ?? null;
  if (feed === null) return null;
  const gates = feed.shutGates.map((gate) => GATE_NAMES[gate] ?? gate);
  return (
    <p className={styles["lead"]} role="status">
      Looked for at <code>{feed.url}</code>
      {feed.checked === null ? (
        "; not looked yet."
      ) : (
        <>
          {" "}
          last <Time at={feed.checked} />.{" "}
        </>
      )}
      {feed.error === null ? null : <span className={styles["wrong"]}>It failed: {feed.error}. </span>}
      {feed.book === null ? null : (
        <>
          It holds <code>{feed.book}</code>
          {gates.length === 0 ? "." : `, which does not pass: ${gates.join("; ")}.`}
        </>
      )}
    </p>
  );
}
