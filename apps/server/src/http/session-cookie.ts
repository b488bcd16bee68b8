import { type FastifyReply, type FastifyRequest } from "fastify";

import { SESSION_MS } from "../domain/sign-in.ts";
import { type OwnOrigin } from "./own-origin.ts";

/** The cookies of sign-in: for this host alone, out of reach of scripts, not sent along by other sites' requests. */
export class SignInCookie {
  readonly #name: string;
  readonly #isSecure: boolean;
  readonly #maxAgeSeconds: number;

  /** A browser takes `__Host-` over TLS only, so it has a plain name on this machine. */
  constructor(name: string, origin: OwnOrigin, lifeMs: number) {
    this.#name = origin.isSecure ? `__Host-${name}` : name;
    this.#isSecure = origin.isSecure;
    this.#maxAgeSeconds = Math.floor(lifeMs / 1000);
  }

  read(request: FastifyRequest): string | undefined {
    const value = request.cookies[this.#name];
    return value === "" ? undefined : value;
  }

  set(reply: FastifyReply, value: string): void {
    reply.setCookie(this.#name, value, { ...this.#options(), maxAge: this.#maxAgeSeconds });
  }

  clear(reply: FastifyReply): void {
    reply.clearCookie(this.#name, this.#options());
  }

  #options(): { path: string; httpOnly: boolean; secure: boolean; sameSite: "lax" } {
    return { path: "/", httpOnly: true, secure: this.#isSecure, sameSite: "lax" };
  }
}

/** The cookie of somebody who is signed in. */
export function sessionCookie(origin: OwnOrigin): SignInCookie {
  return new SignInCookie("payi-session", origin, SESSION_MS);
}
