import { type MailSettings } from "../domain/alerts/mailer.ts";
import { type AllowedHost, readAllowedHosts } from "../domain/outgoing/allowed-hosts.ts";
import { SettingError } from "./setting-error.ts";

/** What the environment says about alerts; see the table in the README. */
export interface AlertEnvironment {
  /** Undefined: kept in a file of the data folder. */
  readonly secretKey: string | undefined;
  readonly allowedHosts: readonly AllowedHost[];
  readonly mail: MailSettings | undefined;
}

const SHORTEST_KEY = 16;
const USAGE =
  "Use smtp://user:password@host:587, or smtps://user:password@host:465 for TLS from the first byte.";

/** @throws {SettingError} naming the variable and the rule; never the password. */
export function readAlertSettings(given: (name: string) => string | undefined): AlertEnvironment {
  const secretKey = given("PAYI_SECRET_KEY");
  if (secretKey !== undefined && secretKey.length < SHORTEST_KEY) {
    throw new SettingError(
      `PAYI_SECRET_KEY has ${secretKey.length} characters; at least ${SHORTEST_KEY} are needed. Make one with: openssl rand -base64 32`,
    );
  }
  return {
    secretKey,
    allowedHosts: readHosts(given("PAYI_WEBHOOK_ALLOWED_HOSTS") ?? ""),
    mail: readMail(given("PAYI_SMTP_URL"), given("PAYI_MAIL_FROM")),
  };
}

function readHosts(list: string): readonly AllowedHost[] {
  try {
    return readAllowedHosts(list);
  } catch (error) {
    throw new SettingError(`PAYI_WEBHOOK_ALLOWED_HOSTS: ${error instanceof Error ? error.message : ""}`);
  }
}

function readMail(address: string | undefined, from: string | undefined): MailSettings | undefined {
  if (address === undefined) return undefined;
  if (!/^smtps?:\/\/[^/]/.test(address) || !URL.canParse(address)) {
    throw new SettingError(`PAYI_SMTP_URL is no address of a mail server. ${USAGE}`);
  }
  if (from === undefined || !from.includes("@")) {
    throw new SettingError(
      `PAYI_MAIL_FROM=${from ?? ""} is no sender for alerts. Set it to an address such as payi@example.com.`,
    );
  }
  const { protocol, hostname, port, username, password } = new URL(address);
  const secure = protocol === "smtps:";
  return {
    host: hostname.replaceAll(/^\[|\]$/g, ""),
    port: port === "" ? (secure ? 465 : 587) : Number(port),
    secure,
    user: username === "" ? undefined : decodeURIComponent(username),
    password: username === "" ? undefined : decodeURIComponent(password),
    from,
  };
}
