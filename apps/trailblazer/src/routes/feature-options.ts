import { type Judge } from "../judge/judge.ts";
import { type Providers } from "../providers.ts";

/** The value of a request's header, by its name in lower case. */
export type ReadHeader = (name: string) => string | undefined;

/** What every feature is given. */
export interface FeatureOptions {
  readonly providers: Providers;
  /** Headers of a request that go on to the provider. */
  readonly forwardHeaders: (header: ReadHeader) => Readonly<Record<string, string>>;
  readonly judge: Judge;
}
