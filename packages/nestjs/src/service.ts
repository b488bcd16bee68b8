import { Inject, Injectable } from "@nestjs/common";
import {
  type FlushResult,
  type Instance,
  type InstanceOptions,
  type Instrumentation,
  type PayiClient,
  type PayiContext,
  type Stats,
  currentInstance,
  getContext,
  startInstance,
  trackContext,
} from "@payi/core";

import { PAYI_INSTRUMENTATION } from "./instrumentation.ts";

/** `@payi/core` for those who inject: the same functions, of the same process-wide state. */
@Injectable()
export class PayiService {
  readonly #instrumentation: Instrumentation;

  constructor(@Inject(PAYI_INSTRUMENTATION) instrumentation: Instrumentation) {
    this.#instrumentation = instrumentation;
  }

  /** The platform's REST client. */
  get client(): PayiClient {
    return this.#instrumentation.client;
  }

  /** The instance of the running request, message or `@Track`; undefined outside of any. */
  get instance(): Instance | undefined {
    return currentInstance();
  }

  /** What a model call made right now would be attributed to. */
  get context(): PayiContext {
    return getContext();
  }

  /** Runs `run` with `context` merged over the one in force. */
  trackContext<T>(context: PayiContext, run: () => T): T {
    return trackContext(context, run);
  }

  /** Opens an instance, for work that no request and no `@Track` encloses. */
  startInstance(options: InstanceOptions): Instance {
    return startInstance(options);
  }

  /** What was sent and dropped so far, by reason. */
  stats(): Stats {
    return this.#instrumentation.stats();
  }

  /** Resolves once what was queued at the call is settled or the time (default 2 s) is up; never rejects. */
  flush(options?: { readonly timeoutMs?: number }): Promise<FlushResult> {
    return this.#instrumentation.flush(options);
  }
}
