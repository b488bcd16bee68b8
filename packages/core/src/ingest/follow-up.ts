/** What goes to the platform after the event it belongs to. */
import { type PayiClient } from "../client/client.ts";
import { type Properties } from "../wire/ingest.ts";
import { type Score, deliverScore } from "./score.ts";

/** Attribution of a call that was known only after its event had been made. */
export interface LateProperties {
  readonly category: string;
  readonly responseId: string;
  readonly properties: Properties;
}

export type FollowUp = Score | LateProperties;

/** Writes it; repeating it changes nothing. @throws {ApiError | NetworkError | TimeoutError} */
export async function deliverFollowUp(client: PayiClient, followUp: FollowUp): Promise<void> {
  if ("kpiName" in followUp) return deliverScore(client, followUp);
  const { category, responseId, properties } = followUp;
  return client.requests.setPropertiesByProvider(category, responseId, properties);
}
