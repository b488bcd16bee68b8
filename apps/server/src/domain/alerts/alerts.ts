import { randomBytes } from "node:crypto";

import { type Store } from "../../store/store.ts";
import { type AllowedHost } from "../outgoing/allowed-hosts.ts";
import { Outgoing } from "../outgoing/outgoing.ts";
import { SecretBox } from "../secret-box.ts";
import { AlertRunner } from "./alert-runner.ts";
import { ClientReports } from "./client-reports.ts";
import { type MailSettings, Mailer } from "./mailer.ts";
import { type SendContext } from "./send.ts";

/** How alerts are sent and looked for. */
export interface AlertSettings {
  /** What secrets of channels are encrypted with. Undefined: a key that ends with the process, for tests. */
  readonly secretKey?: string | undefined;
  /** Targets beyond public https addresses. */
  readonly allowedHosts?: readonly AllowedHost[];
  readonly mail?: MailSettings | undefined;
  /** How often the outbox and the deliveries that are due are looked at. Default 5 s. */
  readonly intervalMs?: number;
  /** How often rules look by themselves. Default 5 minutes. */
  readonly checkEveryMs?: number;
}

/** What sends, what watches, and what SDKs told. */
export interface Alerts {
  readonly sending: SendContext;
  readonly runner: AlertRunner;
  readonly reports: ClientReports;
}

/** Nothing runs yet: the runner is started by whoever owns the process. */
export function createAlerts(
  store: Store,
  settings: AlertSettings,
  onError: (error: unknown, what: string) => void,
): Alerts {
  const reports = new ClientReports();
  const sending = createSending(settings);
  const runner = new AlertRunner({
    ...sending,
    store,
    reports,
    onError,
    intervalMs: settings.intervalMs ?? 5000,
    checkEveryMs: settings.checkEveryMs ?? 300_000,
  });
  return { sending, runner, reports };
}

/** What sending needs, without anything that watches. */
export function createSending(settings: AlertSettings): SendContext {
  const outgoing = new Outgoing(settings.allowedHosts);
  return {
    box: new SecretBox(settings.secretKey ?? randomBytes(32).toString("hex")),
    outgoing,
    mailer: settings.mail && new Mailer(settings.mail, outgoing),
  };
}
