import { WireError } from "@payi/core/wire";

import { type StoredEvent } from "../store/event.ts";
import { type StoredLimit } from "../store/limit.ts";
import { type EventName, type InstanceName, type Store } from "../store/store.ts";
import { type StoredInstance, type StoredUseCase } from "../store/use-case.ts";

/** @throws {WireError} `request_not_found`. */
export async function requireRequest(store: Store, name: EventName): Promise<StoredEvent> {
  const found = await store.event(name);
  if (found !== undefined) return found;
  const id = "id" in name ? name.id : name.providerResponseId;
  throw new WireError(
    "request_not_found",
    `There is no request ${JSON.stringify(id)}. Ids are in the answers of ingest and in GET /api/v1/analytics/requests.`,
  );
}

/** Whose days charts and reports of an application are drawn by. */
export async function reportingZone(store: Pick<Store, "application">, application: string): Promise<string> {
  return (await store.application(application))?.settings.timeZone ?? "UTC";
}

/** @throws {WireError} `use_case_not_found`. */
export async function requireUseCase(
  store: Store,
  application: string,
  name: string,
): Promise<StoredUseCase> {
  const found = await store.useCase(application, name);
  if (found !== undefined) return found;
  throw new WireError(
    "use_case_not_found",
    `There is no use case ${JSON.stringify(name)}. Create it with POST /api/v1/use_cases/definitions, or send an event that names it.`,
  );
}

/** @throws {WireError} `use_case_instance_not_found`. */
export async function requireInstance(store: Store, name: InstanceName): Promise<StoredInstance> {
  const found = await store.instance(name);
  if (found !== undefined) return found;
  throw new WireError(
    "use_case_instance_not_found",
    `The use case ${JSON.stringify(name.useCase)} has no instance ${JSON.stringify(name.id)}. List them with GET /api/v1/analytics/instances.`,
  );
}

/** @throws {WireError} `limit_not_found`. */
export async function requireLimit(store: Store, application: string, id: string): Promise<StoredLimit> {
  const found = await store.limit(application, id);
  if (found !== undefined) return found;
  throw new WireError(
    "limit_not_found",
    `There is no limit ${JSON.stringify(id)}. List them with GET /api/v1/limits.`,
  );
}
