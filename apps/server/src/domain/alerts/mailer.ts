import { callbackify } from "node:util";

import { createTransport } from "nodemailer";

import { type Outgoing } from "../outgoing/outgoing.ts";

/** Where mail is handed in, and who it is from. */
export interface MailSettings {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte; otherwise STARTTLS, which is demanded before a password is sent. */
  readonly secure: boolean;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly from: string;
}

/** One mail. */
export interface Mail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
  /** Tells a repeat from a new one. */
  readonly id: string;
}

/** Hands mail to one server, over connections that {@link Outgoing} opens. */
export class Mailer {
  readonly #settings: MailSettings;
  readonly #outgoing: Outgoing;

  constructor(settings: MailSettings, outgoing: Outgoing) {
    this.#settings = settings;
    this.#outgoing = outgoing;
  }

  /** @throws {Error} with `responseCode` where the server refused. */
  async send(mail: Mail): Promise<void> {
    const { host, port, secure, user, password, from } = this.#settings;
    const transport = createTransport({
      host,
      port,
      secure,
      requireTLS: user !== undefined && !secure,
      ...(user === undefined ? {} : { auth: { user, pass: password ?? "" } }),
      getSocket: callbackify(async (_options: unknown) => ({
        connection: await this.#outgoing.connect(host, port),
      })),
      disableFileAccess: true,
      disableUrlAccess: true,
      greetingTimeout: 15_000,
      socketTimeout: 15_000,
    });
    try {
      await transport.sendMail({
        from,
        to: [...mail.to],
        subject: mail.subject,
        text: mail.text,
        messageId: `<${mail.id}@payi>`,
      });
    } finally {
      transport.close();
    }
  }
}
