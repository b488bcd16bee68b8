import { type ShownKey } from "../domain/keys.ts";
import {
  type ApplicationSettings,
  type StoredApplication,
  type StoredOrganization,
} from "../store/application.ts";
import { type AuditEntry } from "../store/audit.ts";
import { type StoredKey } from "../store/key.ts";

type Encoded = Readonly<Record<string, unknown>>;

export function encodeOrganization(organization: StoredOrganization): Encoded {
  return {
    organization_id: organization.id,
    name: organization.name,
    created_timestamp: time(organization.createdMs),
  };
}

export function encodeApplication(application: StoredApplication): Encoded {
  return {
    application_id: application.id,
    name: application.name,
    group: application.group,
    created_timestamp: time(application.createdMs),
    archived_timestamp: time(application.archivedMs),
  };
}

export function encodeSettings({
  keepText,
  timeZone,
  declaredProperties,
  retention,
}: ApplicationSettings): Encoded {
  return {
    store_prompts: keepText,
    time_zone: timeZone,
    declared_properties: declaredProperties,
    retention: {
      text_days: retention.textDays,
      event_days: retention.eventDays,
      total_days: retention.totalDays,
    },
  };
}

export function encodeKey(key: StoredKey): Encoded {
  return {
    key_id: key.id,
    name: key.name,
    scope: key.scope,
    prefix: key.prefix,
    configured: key.configured,
    created_timestamp: time(key.createdMs),
    last_used_timestamp: time(key.lastUsedMs),
    revoked_timestamp: time(key.revokedMs),
  };
}

/** With the text of the key, for the one answer that shows it. */
export function encodeShownKey({ key, text }: ShownKey): Encoded {
  return { ...encodeKey(key), api_key: text };
}

export function encodeAuditEntry(entry: AuditEntry): Encoded {
  return {
    id: `${entry.source}-${entry.seq}`,
    timestamp: time(entry.timeMs),
    actor: entry.actor,
    action: entry.action,
    subject: entry.subject,
    application_id: entry.application,
    before: entry.before,
    after: entry.after,
  };
}

function time(milliseconds: number | null): string | null {
  return milliseconds === null ? null : new Date(milliseconds).toISOString();
}
