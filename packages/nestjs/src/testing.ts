/** For the tests of applications: no platform, no network, and everything that would have been reported at hand. */
import { type DynamicModule, Module } from "@nestjs/common";
import { type PayiInstrumentOptions, payiInstrument, uninstrument } from "@payi/core";

import { PayiRecorder } from "./recorder.ts";

export { PayiRecorder, type RecordedScore } from "./recorder.ts";

/**
 * Stands in for the platform, whatever `PayiModule` of the application under test says and whether or not it has a key.
 * Provider calls are metered as always and go where the provider client sends them.
 *
 * @example
 * const module = await Test.createTestingModule({ imports: [AppModule, PayiTestingModule.forRoot()] }).compile();
 * const events = await module.get(PayiRecorder).events();
 */
@Module({})
export class PayiTestingModule {
  /** Replaces what was instrumented before by a recorder of its own. Options are those of `payiInstrument`. */
  static forRoot(options: Omit<PayiInstrumentOptions, "payi"> = {}): DynamicModule {
    const recorder = new PayiRecorder();
    uninstrument();
    // On disk one test would leave events to another.
    const config = { spool: { mode: "memory" as const }, ...options.config };
    payiInstrument({ ...options, config, payi: recorder.client });
    return {
      module: PayiTestingModule,
      global: true,
      providers: [{ provide: PayiRecorder, useValue: recorder }],
      exports: [PayiRecorder],
    };
  }
}
