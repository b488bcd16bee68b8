/**
 * The guard that limits really: money is held before a call goes out, from a lease in this process or at the platform.
 *
 * Invariants:
 * - a call that no limit applies to waits for nothing but, once, for the definitions;
 * - a check adds at most `timeoutMs`, and nothing while the platform is known to be away;
 * - what was asked and came too late is given back;
 * - nothing here throws, and no timer keeps the process alive.
 */
import { type PayiClient } from "../client/client.ts";
import { ApiError, isRetryableStatus } from "../errors.ts";
import { type ThrottledLog } from "../logger.ts";
import { type HoldEstimate } from "../wire/holds.ts";
import { Circuit } from "./circuit.ts";
import { within } from "./deadline.ts";
import { DefinitionStore } from "./definition-store.ts";
import { type Budget, type Definitions } from "./definitions.ts";
import { type Attempt, FREE_PASS, type Guard, type LimitStats, type Permit } from "./guard.ts";
import { type Asked, HoldDesk, refusing } from "./hold-desk.ts";
import { unreachableRefusal } from "./refusals.ts";

/** What is said where nobody learned of a limit, because no platform was reached. */
export type OnLimitCheckError = "allow" | "block";

export interface LimitGuardOptions {
  readonly client: PayiClient;
  readonly log: ThrottledLog;
  /** How long a call waits for the platform. */
  readonly timeoutMs: number;
  readonly onLimitCheckError: OnLimitCheckError;
}

/** Requests outlive the wait of the call, so that their answers can be used. */
const REQUEST_MS = 5_000;

export class LimitGuard implements Guard {
  readonly #options: LimitGuardOptions;
  readonly #stop = new AbortController();
  readonly #definitions: DefinitionStore;
  readonly #desk: HoldDesk;
  readonly #circuit = new Circuit();
  #trouble = "";
  readonly #counts = { checked: 0, local: 0, refused: 0, unchecked: 0 };

  constructor(options: LimitGuardOptions) {
    this.#options = options;
    const client = options.client.forDelivery(this.#stop.signal, REQUEST_MS);
    this.#definitions = new DefinitionStore(client, () => this.#probe(true));
    this.#desk = new HoldDesk({
      client,
      log: options.log,
      onInstanceLimit: (useCaseId, limitId) => this.#definitions.known?.noteInstanceLimit(useCaseId, limitId),
    });
  }

  get stats(): LimitStats {
    return { ...this.#counts };
  }

  authorize(attempt: Attempt): Permit | Promise<Permit> {
    const nowMs = performance.now();
    const definitions = this.#definitions.current(nowMs, attempt.context.limitIds);
    if (definitions !== undefined) return this.#check(definitions, attempt, nowMs);
    if (this.#definitions.absent(nowMs)) return FREE_PASS;
    if (!this.#circuit.open) return this.#learn(attempt, nowMs);
    this.#probe();
    const { known } = this.#definitions;
    return known === undefined ? this.#unlearned(attempt) : this.#check(known, attempt, nowMs);
  }

  async giveBack(timeoutMs: number): Promise<void> {
    await within(timeoutMs, this.#desk.giveBack()).catch(() => undefined);
  }

  async close(timeoutMs: number): Promise<void> {
    this.#definitions.close();
    await within(timeoutMs, this.#desk.end()).catch(() => undefined);
    this.#stop.abort();
  }

  /** The definitions come first; a call waits for them as for a check. */
  async #learn(attempt: Attempt, startedMs: number): Promise<Permit> {
    try {
      await within(this.#options.timeoutMs, this.#definitions.refresh());
    } catch (error) {
      this.#failed(error);
    }
    const { known } = this.#definitions;
    if (this.#definitions.absent(performance.now())) return FREE_PASS;
    if (known === undefined) return this.#unlearned(attempt);
    this.#definitions.remember(attempt.context.limitIds);
    return this.#check(known, attempt, startedMs);
  }

  #check(definitions: Definitions, attempt: Attempt, startedMs: number): Permit | Promise<Permit> {
    const budgets = definitions.budgetsOf(attempt);
    if (budgets.length === 0) return FREE_PASS;
    this.#counts.checked += 1;
    const estimatingMs = performance.now();
    const estimate = attempt.onEntry === true ? NO_CALL : (attempt.estimate?.() ?? NOTHING_KNOWN);
    const asked = { attempt, budgets, estimate };
    const nowMs = performance.now();
    const local = this.#desk.takeLocally(asked, nowMs);
    if (local !== undefined) {
      this.#counts.local += 1;
      return this.#count(local);
    }
    // The first estimate of a process loads the prices, which is no waiting for the platform.
    if (!this.#circuit.open) return this.#ask(asked, startedMs + nowMs - estimatingMs);
    this.#probe();
    return this.#unreachable(attempt, budgets);
  }

  async #ask(asked: Asked, startedMs: number): Promise<Permit> {
    const answer = this.#desk.ask(asked);
    try {
      const leftMs = this.#options.timeoutMs - (performance.now() - startedMs);
      return this.#count(await within(leftMs, answer));
    } catch (error) {
      this.#failed(error);
      // The answer may come yet, and then nobody spends what it holds.
      answer.then((permit) => permit.release?.()).catch(() => undefined);
      return this.#unreachable(asked.attempt, asked.budgets);
    }
  }

  /** Nobody can be asked: each limit's own word counts. */
  #unreachable({ context }: Attempt, budgets: readonly Budget[]): Permit {
    const blocking = budgets.filter(
      ({ limit }) => limit.limitType === "block" && (limit.onUnreachable ?? "block") === "block",
    );
    return blocking.length > 0
      ? this.#count(refusing(unreachableRefusal(blocking, context)))
      : this.#unchecked();
  }

  /** Nobody was ever reached: the option's word counts. */
  #unlearned({ context }: Attempt): Permit {
    return this.#options.onLimitCheckError === "block"
      ? this.#count(refusing(unreachableRefusal([], context)))
      : this.#unchecked();
  }

  #unchecked(): Permit {
    this.#counts.unchecked += 1;
    this.#options.log.warn(
      "unchecked",
      `Limits could not be checked, and calls went out all the same (${this.#trouble}). See config.onLimitCheckError and each limit's on_unreachable.`,
    );
    return { free: true, unchecked: true, settle: () => undefined };
  }

  #count(permit: Permit): Permit {
    if (permit.refusal !== undefined) this.#counts.refused += 1;
    return permit;
  }

  #failed(error: unknown): void {
    // An answer that refuses one request says nothing about the next one, unless it refuses the key.
    const oneCall =
      error instanceof ApiError &&
      !isRetryableStatus(error.status) &&
      error.status !== 401 &&
      error.status !== 403;
    if (!oneCall) this.#circuit.failed(performance.now());
    this.#trouble = error instanceof Error ? error.message : String(error);
  }

  /** Looks whether the platform is back, at most once per pause; no call waits for it. */
  #probe(heard = false): void {
    if (!this.#circuit.mayProbe(performance.now(), heard)) return;
    within(this.#options.timeoutMs, this.#definitions.refresh()).then(
      () => this.#circuit.answered(),
      () => this.#circuit.failed(performance.now()),
    );
  }
}

/** On entry it is asked whether anything is left, not for how much. */
const NO_CALL: HoldEstimate = {
  upperBound: 0n,
  worstCase: 0n,
  priced: true,
  inputTokens: undefined,
  outputTokens: undefined,
};
const NOTHING_KNOWN: HoldEstimate = {
  upperBound: undefined,
  worstCase: undefined,
  priced: false,
  inputTokens: undefined,
  outputTokens: undefined,
};
