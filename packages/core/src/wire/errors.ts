import { type JsonObject, isObject } from "./parse.ts";

/** The body of every 4xx and 5xx answer (contract 2, ApiError). */
export interface ApiErrorBody {
  readonly statusCode: number;
  readonly message: string;
  readonly xproxy_error: { readonly code: string; readonly message: string };
}

export function encodeApiError(status: number, code: string, message: string): ApiErrorBody {
  return { statusCode: status, message, xproxy_error: { code, message } };
}

/** Code and message of an error answer, whoever wrote it; never throws. */
export function decodeApiError(body: unknown): { readonly code: string; readonly message: string } {
  const inner: JsonObject = isObject(body) && isObject(body["xproxy_error"]) ? body["xproxy_error"] : {};
  const outer: JsonObject = isObject(body) ? body : {};
  const code = typeof inner["code"] === "string" ? inner["code"] : "unknown_error";
  const message = [inner["message"], outer["message"], outer["title"]].find(
    (text) => typeof text === "string",
  );
  return { code, message: typeof message === "string" ? message : "The platform gave no message." };
}
