/** What Copilot Studio exports (contract 2.2). Only what is read is named. */
import { type TObject, type TProperties, Type } from "typebox";

import { Answer, ApiError, Count, Nullable, Text, Time } from "./answer-shapes.ts";

const optional = (...names: readonly string[]): TProperties =>
  Object.fromEntries(names.map((name) => [name, Type.Optional(Nullable(Text()))]));

const Activity: TObject = Type.Object({
  ...optional("id", "channelId", "text"),
  type: Type.Optional(Nullable(Text('Only "message" is read'))),
  timestamp: Type.Optional(Type.Integer({ description: "Seconds or milliseconds since 1970" })),
  from: Type.Optional(
    Nullable(
      Type.Object({
        ...optional("id", "aadObjectId"),
        role: Type.Optional(Type.Integer({ description: "1 is the user" })),
      }),
    ),
  ),
});

export const TranscriptInput: TObject = Type.Object({
  transcript: Type.Object({
    conversation_id: Text("Becomes the instance"),
    transcript_id: Text(),
    created_on: Time(),
    agent_name: Type.Optional(Nullable(Text("Becomes the use case"))),
    metrics: Type.Optional(
      Nullable(
        Type.Object(
          Object.fromEntries(
            ["total_activities", "user_messages", "bot_messages", "total_turns"].map((name) => [
              name,
              Type.Optional(Count()),
            ]),
          ),
        ),
      ),
    ),
    activities: Type.Optional(Nullable(Type.Array(Activity))),
  }),
});

export const LicensingInput: TObject = Type.Object({
  billing_date_utc: Time(),
  resource: Type.Object({
    resourceId: Text(),
    consumed: Type.Optional(Type.Number({ minimum: 0 })),
    ...optional("unit", "agent_name"),
    date: Type.Optional(Nullable(Time())),
    metadata: Type.Object({
      FeatureName: Text("Becomes the resource"),
      ...optional("ProductName", "ResourceName", "ToolInvoked", "KnowledgeSources", "LLMModel", "ChannelId"),
      NonBillableQuantity: Type.Optional(Type.Number({ minimum: 0 })),
    }),
  }),
  fetched_at: Type.Optional(Nullable(Time())),
});

const told: TProperties = {
  ingest_timestamp: Time(),
  error_count: Count(),
  errors: Nullable(Type.Array(Type.Object({ item_index: Count(), xproxy_result: ApiError }))),
};

export const TranscriptAnswer: TObject = Answer({ ...told, requests_created: Count() });
export const LicensingAnswer: TObject = Answer({ ...told, records_ingested: Count() });
