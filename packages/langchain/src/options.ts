/** What the adapter is told, checked where it is told. */
import { type TrackingOptions } from "@payi/core";
import {
  CONTEXT_READERS,
  type OptionReaders,
  TRACKING_READERS,
  checkFlag,
  checkOptions,
  kpiReader,
  readName,
} from "@payi/core/call";

import { type LangChainRun } from "./metadata.ts";
import { type LangChainKpis, RETRIEVER } from "./retriever-kpi.ts";

export interface PayiCallbackOptions extends Omit<TrackingOptions<LangChainRun>, "kpis"> {
  /**
   * Default: `success` and `latency_ms`. LangChain's own: `retriever_latency_ms`. `"all"`, `false`, or a choice with names.
   */
  readonly kpis?: LangChainKpis | undefined;
  /** Asks the limits before each model call, so that the run itself is refused. Default true. */
  readonly checkLimits?: boolean | undefined;
}

const CALLBACK_READERS: OptionReaders = {
  ...TRACKING_READERS,
  kpis: kpiReader([RETRIEVER]),
  checkLimits: checkFlag,
};

/** `adapter` is what was given them. @throws {ConfigurationError} */
export function checkCallbackOptions(adapter: string, options: PayiCallbackOptions): void {
  checkOptions(adapter, options, CALLBACK_READERS);
}

/** Of the middleware for agents. */
export const AGENT_READERS: OptionReaders = pick(
  { ...TRACKING_READERS, checkLimits: checkFlag },
  "userId",
  "accountName",
  "limitIds",
  "requestProperties",
  "useCaseStep",
  "kpis",
  "checkLimits",
);

function pick(readers: OptionReaders, ...names: string[]): OptionReaders {
  return Object.fromEntries(Object.entries(readers).filter(([name]) => names.includes(name)));
}

/** Of embeddings. */
export const EMBEDDINGS_READERS: OptionReaders = {
  ...CONTEXT_READERS,
  category: readName,
  resource: readName,
  checkLimits: checkFlag,
};
