/** What a caller would rather have (RFC 7240). */
import { type FastifyReply, type FastifyRequest } from "fastify";

const QUOTED = /"(?:[^"\\]|\\.)*"/g;
/** Of several, the first counts. */
const RETURN = /(?:^|,)\s*return\s*=\s*([\w-]+)/i;

/** Whether the caller can do without what it has sent itself; if so, the answer will say that it does. */
export function prefersMinimal(request: FastifyRequest, reply: FastifyReply): boolean {
  const given = String(request.headers["prefer"] ?? "").replaceAll(QUOTED, '""');
  if (RETURN.exec(given)?.[1]?.toLowerCase() !== "minimal") return false;
  reply.header("preference-applied", "return=minimal");
  return true;
}
