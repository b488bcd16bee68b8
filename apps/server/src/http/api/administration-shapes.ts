/** Applications, keys, settings, the audit log (additions). */
import { type TObject, type TSchema, Type } from "typebox";

import { Answer, Choice, Count, Nullable, Text, Time } from "./answer-shapes.ts";

const Days = (what: string): TSchema => Nullable(Count(`Days that ${what} are kept; null is for ever`));

export const Organization: TObject = Type.Object({
  organization_id: Text(),
  name: Text(),
  created_timestamp: Time(),
});

export const Application: TObject = Type.Object({
  application_id: Text(),
  name: Text(),
  group: Nullable(Text("Members may be limited to groups")),
  created_timestamp: Time(),
  archived_timestamp: Nullable(Time()),
});

export const ApplicationInput: TObject = Type.Object({
  name: Text(),
  application_id: Type.Optional(Text("Default: a new one")),
  group: Type.Optional(Nullable(Text())),
});

export const ApplicationUpdate: TObject = Type.Object({
  name: Type.Optional(Text()),
  group: Type.Optional(Nullable(Text("null takes it out of its group"))),
});

const Scope: TSchema = Choice("full", "ingest", "read", "admin", "metrics");

const KEY = {
  key_id: Text(),
  name: Text(),
  scope: Scope,
  prefix: Text("What the key begins with"),
  configured: Type.Boolean({ description: "From the environment, made valid at every start" }),
  created_timestamp: Time(),
  last_used_timestamp: Nullable(Time("To the minute")),
  revoked_timestamp: Nullable(Time()),
};

export const Key: TObject = Type.Object(KEY);

const ShownKey: TObject = Type.Object({
  ...KEY,
  api_key: Nullable(Text("The key, shown this one time; null where an Idempotency-Key replays the answer")),
});

export const KeyAnswer: TObject = Answer({ key: ShownKey });
export const KeyList: TObject = Answer({ items: Type.Array(Key) });

export const KeyInput: TObject = Type.Object({
  name: Text(),
  scope: Type.Optional(Scope),
});

export const ApplicationAnswer: TObject = Answer({ application: Application });
export const NewApplicationAnswer: TObject = Answer({
  application: Application,
  keys: Type.Array(ShownKey, { description: "The two full keys" }),
});
export const ApplicationList: TObject = Answer({ items: Type.Array(Application) });

const SETTINGS = {
  store_prompts: Type.Boolean({ description: "Prompts and answers may be stored; default false" }),
  time_zone: Text(
    "IANA zone of the application; default UTC. Daily sums are counted in UTC whatever it says",
  ),
  declared_properties: Type.Array(Text(), {
    description: "Properties that charts offer to group by, at most 20",
  }),
  retention: Type.Object({
    text_days: Days("prompts and answers"),
    event_days: Days("requests and instances"),
    total_days: Days("sums and the ledger"),
  }),
};

export const SettingsAnswer: TObject = Answer({ application_id: Text(), settings: Type.Object(SETTINGS) });

export const SettingsUpdate: TObject = Type.Partial(
  Type.Object({ ...SETTINGS, retention: Type.Partial(SETTINGS.retention) }),
);

export const AuditItem: TObject = Type.Object({
  id: Text(),
  timestamp: Time(),
  actor: Text("key …, an e-mail address, dashboard, or command line"),
  action: Text("key.created, settings.changed, price_book.activated …"),
  subject: Text("The id of what was changed"),
  application_id: Nullable(Text("null: the organization")),
  before: Type.Unknown({ description: "null for what is new" }),
  after: Type.Unknown({ description: "null for what is gone" }),
});

export const ForgottenUser: TObject = Answer({
  application_id: Text(),
  pseudonym: Text("What stands in place of the id"),
  texts_deleted: Count("Prompts and answers, one for each call"),
  requests: Count(),
  instances: Count(),
  budgets: Count("Windows of limits with a budget per user, and limits that named the user"),
  older_totals: Count("Daily totals whose requests were gone already"),
  notes: Count("Notices, kept answers, alerts, saved reports, entries of the audit log"),
});
