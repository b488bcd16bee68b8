import { type Request } from "express";

import { type Providers } from "../providers.ts";

/** What every feature is given. */
export interface FeatureOptions {
  readonly providers: Providers;
  /** Headers of a request that go on to the provider. */
  readonly forwardHeaders: (request: Request) => Readonly<Record<string, string>>;
}
