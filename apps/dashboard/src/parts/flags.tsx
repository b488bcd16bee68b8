import { type RequestSummary } from "@payi/core/wire";
import { type ReactNode } from "react";

import { STATUS_REASONS } from "../words.ts";

import styles from "./flags.module.css";

type Tone = "bad" | "warn" | "note";

interface Flag {
  readonly name: string;
  readonly hint: string;
  readonly tone: Tone;
}

/** What is particular about a request; nothing for an ordinary one. */
export function Flags({ request }: { readonly request: RequestSummary }): ReactNode {
  return (
    <span className={styles["flags"]}>
      {flagsOf(request).map(({ name, hint, tone }) => (
        <span key={name} className={styles["flag"]} data-tone={tone} title={hint}>
          {name}
        </span>
      ))}
    </span>
  );
}

/** The flags of a request by name, for export. */
export function listFlags(request: RequestSummary): readonly string[] {
  return flagsOf(request).map(({ name }) => name);
}

function flagsOf(request: RequestSummary): readonly Flag[] {
  const flags: Flag[] = [];
  const { outcome, status, usage_source: source, failure } = request;
  if (outcome === "error" || outcome === "timeout") {
    flags.push({ name: outcome, hint: failure ?? "The provider did not answer as asked.", tone: "bad" });
  }
  if (outcome === "refused") {
    flags.push({
      name: "blocked",
      hint: failure ?? "A limit refused this call before it was sent.",
      tone: "bad",
    });
  }
  if (outcome === "aborted" || outcome === "abandoned") {
    flags.push({
      name: outcome,
      hint: "The app stopped reading before the answer was complete.",
      tone: "warn",
    });
  }
  if (status !== "priced") {
    flags.push({
      name: status === "partial" ? "part priced" : "unpriced",
      hint: STATUS_REASONS[status],
      tone: "warn",
    });
  }
  if (source === "partial") {
    flags.push({
      name: "partial usage",
      hint: "The provider told a part: the call broke off, or one side was left out.",
      tone: "warn",
    });
  }
  if (source === "estimated") {
    flags.push({
      name: "estimated",
      hint: "The provider gave no counts; these are estimates.",
      tone: "warn",
    });
  }
  // A call that was never sent has none, and nobody has to be told so.
  if (source === "unknown" && outcome !== "refused")
    flags.push({ name: "no usage", hint: "Nobody could tell the counts.", tone: "warn" });
  if ((request.units["text_cache_read"]?.input ?? 0) > 0) {
    flags.push({ name: "cached", hint: "Part of the input came from the provider's cache.", tone: "note" });
  }
  if (request.voided === true) {
    flags.push({ name: "void", hint: "Its cost was taken back; the call stays counted.", tone: "note" });
  }
  if (request.seeded)
    flags.push({ name: "demo", hint: "Made up; goes away with the demo data.", tone: "note" });
  return flags;
}
