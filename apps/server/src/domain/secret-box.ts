import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";

const ALGORITHM = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Keeps secrets so that the database alone does not give them away: AES-256-GCM under a key that is not in it. */
export class SecretBox {
  readonly #key: Uint8Array;
  readonly #keyId: string;

  /** `secret` is text of at least 16 characters. */
  constructor(secret: string) {
    this.#key = createHash("sha256").update(`payi secrets ${secret}`).digest();
    this.#keyId = createHash("sha256").update(this.#key).digest("hex").slice(0, 8);
  }

  /** Text that only {@link open} under the same key can read. */
  seal(text: string): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(ALGORITHM, this.#key, nonce);
    const sealed = Buffer.concat([nonce, cipher.update(text, "utf8"), cipher.final(), cipher.getAuthTag()]);
    return `1.${this.#keyId}.${sealed.toString("base64url")}`;
  }

  /** @throws {Error} for what was sealed under another key or changed since. */
  open(sealed: string): string {
    const [version, keyId, content = ""] = sealed.split(".");
    if (version !== "1" || keyId !== this.#keyId) {
      throw new Error(
        `It is encrypted under the key ${keyId ?? "?"}, and this server has ${this.#keyId}. Start it with the PAYI_SECRET_KEY or the data folder of that time, or save the secret again.`,
      );
    }
    const bytes = Buffer.from(content, "base64url");
    const decipher = createDecipheriv(ALGORITHM, this.#key, bytes.subarray(0, NONCE_BYTES));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
    return Buffer.concat([text, decipher.final()]).toString("utf8");
  }
}
