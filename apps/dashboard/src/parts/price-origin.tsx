import { type ReactNode } from "react";

import { type ListedResource, type PricePage } from "../prices.ts";

import styles from "./price-columns.module.css";

/** Where a price comes from, and how far it can be trusted. */
export function Sources({ sources }: { readonly sources: readonly PricePage[] }): ReactNode {
  return sources.map(({ url, read, confidence }) => (
    <div key={`${confidence} ${url}`}>
      <a href={url} target="_blank" rel="noreferrer" title={`${url}, read on ${read}`}>
        {hostOf(url)}
      </a>{" "}
      <span className={styles["quiet"]}>
        {confidence}, {read}
      </span>
    </div>
  ));
}

/** Which scope the shown prices hold for, and what else has prices. */
export function Variants({
  resource: { scope, variants },
}: {
  readonly resource: Pick<ListedResource, "scope" | "variants">;
}): ReactNode {
  if (variants.length === 0) return scope;
  return (
    <details>
      <summary className={styles["unit"]}>
        {scope === null ? "" : `${scope}; `}
        {variants.length} more
      </summary>
      {variants.map((variant) => (
        <div key={variant} className={styles["unit"]}>
          {variant}
        </div>
      ))}
    </details>
  );
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}
