import { type ReactNode } from "react";

import { useNow } from "../use-view.ts";
import { CopyCommand } from "./copy-command.tsx";

const HOUR_MS = 3_600_000;

/** How to ask, where the platform runs, what a call would cost now. */
export function PriceCommand(): ReactNode {
  const now = useNow(HOUR_MS);
  const call = {
    id: "example",
    provider: "openai",
    model: "gpt-5",
    date: new Date(now).toISOString(),
    usage: { text: { input: 12_000, output: 900 } },
  };
  return <CopyCommand text={`echo '${JSON.stringify(call)}' | \\\n  npx -y pnpm@12 --silent payi price -`} />;
}
