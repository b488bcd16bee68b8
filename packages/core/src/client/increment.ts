/** Adding to a score: in one step where the platform has a route for it, else read and written. */
import { ApiError, ConfigurationError } from "../errors.ts";
import { isObject } from "../wire/parse.ts";
import { type ApiRequest, segment } from "./request.ts";

/** What a header can carry, and the platform takes for a key. */
const KEY = /^[\u0020-\u007E]{1,255}$/;

/**
 * The sum; undefined where the platform has no such route and nothing was added. Asked again with the same `idempotencyKey`,
 * the platform adds nothing and answers as before.
 *
 * @throws {ConfigurationError} for a key that no header can carry.
 */
export async function incrementAtOnce(
  call: (request: ApiRequest) => Promise<unknown>,
  [useCaseName, useCaseId, kpiName]: readonly [string, string, string],
  by: number,
  idempotencyKey: string,
): Promise<number | undefined> {
  if (!KEY.test(idempotencyKey)) {
    throw new ConfigurationError(
      "idempotencyKey",
      `idempotencyKey is ${JSON.stringify(idempotencyKey)}: 1 to 255 characters of ASCII. Leave it out for a key of its own.`,
    );
  }
  const instance = `/use_cases/instances/${segment(useCaseName)}/${segment(useCaseId)}`;
  try {
    const path = `${instance}/kpis/${segment(kpiName)}/increment`;
    const headers = { "idempotency-key": idempotencyKey };
    const answer = await call({ method: "POST", path, body: { by }, headers });
    return isObject(answer) && typeof answer["score"] === "number" ? answer["score"] : undefined;
  } catch (error) {
    // What our own platform does not know, a read says in the same words.
    if (error instanceof ApiError && (error.status === 404 || error.status === 405)) return undefined;
    throw error;
  }
}
