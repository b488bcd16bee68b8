import { type ArgumentsHost, HttpException } from "@nestjs/common";
import { type HttpAdapterHost } from "@nestjs/core";
import { LimitExceededError, type RefusalOptions, answerRefusal } from "@payi/core";

import { rawExchange } from "./open-request.ts";

/** The refusal inside an error, unless the application has already made an `HttpException` of it. */
export function findRefusal(error: unknown): LimitExceededError | undefined {
  return error instanceof HttpException ? undefined : LimitExceededError.from(error);
}

/** The refusal for Nest's HTTP filters; its headers are put on the answer while they still can be. */
export function toHttpException(
  refusal: LimitExceededError,
  options: RefusalOptions,
  host: ArgumentsHost,
  { httpAdapter }: HttpAdapterHost,
  cause: unknown,
): HttpException {
  const { status, headers, body } = answerRefusal(refusal, options);
  const exception = new HttpException({ ...refusal.toProblem(status, options) }, status, { cause });
  const response: unknown = host.switchToHttp().getResponse();
  if (rawExchange(host).response.headersSent) {
    // A stream of server-sent events that has begun ends with an `error` event, whose data Nest takes from here.
    exception.message = body;
  } else {
    for (const [name, value] of Object.entries(headers)) httpAdapter.setHeader(response, name, value);
  }
  return exception;
}

/**
 * The refusal for the filters of a message transport: `RpcException`, `WsException`, and for GraphQL an error with the
 * problem as its `extensions`. The packages are optional peers, loaded by the first refusal: their transport is in use.
 */
export async function toMessageException(
  refusal: LimitExceededError,
  options: RefusalOptions,
  transport: string,
  cause: unknown,
): Promise<Error> {
  const problem = { ...refusal.toProblem(refusal.status, options) };
  switch (transport) {
    case "rpc":
      return Object.assign(new (await import("@nestjs/microservices")).RpcException(problem), { cause });
    case "ws":
      return Object.assign(new (await import("@nestjs/websockets")).WsException(problem), { cause });
    default:
      // Not the refusal's own message, which speaks to who runs the application.
      return Object.assign(new Error(problem.title, { cause }), { extensions: problem });
  }
}
