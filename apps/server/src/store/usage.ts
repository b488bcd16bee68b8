import { type RequestSummary } from "@payi/core/wire";

/** Unit name → counts, as core's wire has it. */
export type Units = RequestSummary["units"];
/** How a call ended. */
export type Outcome = NonNullable<RequestSummary["outcome"]>;
/** Where usage came from. */
export type UsageSource = NonNullable<RequestSummary["usage_source"]>;
