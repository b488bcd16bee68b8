/** What a caller would rather have (RFC 7240). */
import { type FastifyReply, type FastifyRequest } from "fastify";

const MINIMAL = /(?:^|,)\s*return\s*=\s*"?minimal"?\s*(?:[,;]|$)/i;

/** Whether the caller can do without what it has sent itself; if so, the answer will say that it does. */
export function prefersMinimal(request: FastifyRequest, reply: FastifyReply): boolean {
  const given = request.headers["prefer"];
  if (given === undefined || !MINIMAL.test(String(given))) return false;
  reply.header("preference-applied", "return=minimal");
  return true;
}
