import { type ReactNode } from "react";

/** The mark of the product: three bars. */
export function Logo(): ReactNode {
  return (
    <svg width="28" height="28" viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="8" fill="var(--accent)" />
      <g fill="var(--on-accent)">
        <rect x="7" y="17" width="4.5" height="8" rx="1.5" fillOpacity="0.55" />
        <rect x="13.75" y="12" width="4.5" height="13" rx="1.5" fillOpacity="0.8" />
        <rect x="20.5" y="7" width="4.5" height="18" rx="1.5" />
      </g>
    </svg>
  );
}
