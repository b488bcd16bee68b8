import { Inject, Injectable, type OnApplicationShutdown } from "@nestjs/common";
import { type Instrumentation } from "@payi/core";

import { PAYI_INSTRUMENTATION } from "./instrumentation.ts";
import { PAYI_OPTIONS, type PayiModuleOptions } from "./options.ts";

/** Those of the applications that run in this process: what they share is closed with the last of them. */
const running = new Set<PayiShutdown>();

/** Delivers what is queued when the application shuts down, within `shutdownTimeoutMs`. */
@Injectable()
export class PayiShutdown implements OnApplicationShutdown {
  readonly #instrumentation: Instrumentation;
  readonly #options: PayiModuleOptions;

  constructor(
    @Inject(PAYI_INSTRUMENTATION) instrumentation: Instrumentation,
    @Inject(PAYI_OPTIONS) options: PayiModuleOptions,
  ) {
    this.#instrumentation = instrumentation;
    this.#options = options;
    running.add(this);
  }

  async onApplicationShutdown(): Promise<void> {
    running.delete(this);
    const { shutdownTimeoutMs: timeoutMs = 2_000 } = this.#options;
    // After a signal Nest ends the process at once, and nothing else would send or spool what is left.
    await (running.size > 0
      ? this.#instrumentation.flush({ timeoutMs })
      : this.#instrumentation.close({ timeoutMs }));
  }
}
