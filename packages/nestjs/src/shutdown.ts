import { Inject, Injectable, type OnApplicationShutdown, type OnModuleInit } from "@nestjs/common";
import { type Instrumentation } from "@payi/core";

import { PAYI_INSTRUMENTATION } from "./instrumentation.ts";
import { PAYI_OPTIONS, type PayiModuleOptions } from "./options.ts";

/** Applications of this process that are running: what they share is closed with the last of them. */
let running = 0;

/** Delivers what is queued when the application shuts down, within `shutdownTimeoutMs`. */
@Injectable()
export class PayiShutdown implements OnModuleInit, OnApplicationShutdown {
  readonly #instrumentation: Instrumentation;
  readonly #options: PayiModuleOptions;

  constructor(
    @Inject(PAYI_INSTRUMENTATION) instrumentation: Instrumentation,
    @Inject(PAYI_OPTIONS) options: PayiModuleOptions,
  ) {
    this.#instrumentation = instrumentation;
    this.#options = options;
  }

  onModuleInit(): void {
    running += 1;
  }

  async onApplicationShutdown(): Promise<void> {
    running -= 1;
    const { shutdownTimeoutMs: timeoutMs = 2_000 } = this.#options;
    // After a signal Nest ends the process at once, and nothing else would send or spool what is left.
    await (running > 0
      ? this.#instrumentation.flush({ timeoutMs })
      : this.#instrumentation.close({ timeoutMs }));
  }
}
