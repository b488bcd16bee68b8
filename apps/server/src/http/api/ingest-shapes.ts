/** Events and what they are answered with (contract 2.2 and 3, additions "Fields"). */
import { type TObject, type TProperties, Type } from "typebox";

import { Answer, ApiError, Count, Nullable, Properties, Text, Time, Units } from "./answer-shapes.ts";
import { XproxyResult } from "./request-shapes.ts";

const event: TProperties = {
  category: Text('"system.openai", or a category of your own'),
  resource: Type.Optional(Nullable(Text("The model"))),
  units: Units,
  event_timestamp: Type.Optional(Time("When the call was made; default now")),
  end_to_end_latency_ms: Type.Optional(Count()),
  time_to_first_token_ms: Type.Optional(Count()),
  http_status_code: Type.Optional(Type.Integer()),
  provider_response_id: Type.Optional(Text("Unique for ever: the same one is recorded once")),
  provider_uri: Type.Optional(Text()),
  properties: Type.Optional(Properties),
  use_case_name: Type.Optional(Text()),
  use_case_id: Type.Optional(Text("The instance")),
  use_case_version: Type.Optional(Count()),
  use_case_step: Type.Optional(Text()),
  use_case_properties: Type.Optional(Properties),
  user_id: Type.Optional(Text()),
  account_name: Type.Optional(Text()),
  limit_ids: Type.Optional(Type.Array(Text())),
  event_id: Type.Optional(Text("Idempotency id for calls without a provider's id (addition)")),
  hold_id: Type.Optional(Text("The hold that this event settles (addition)")),
};

export const IngestEvent: TObject = Type.Object(event, {
  description: "Context may also come in xProxy-* headers, which win. Unknown fields are ignored.",
});

export const IngestAnswer: TObject = Answer({
  event_timestamp: Time(),
  ingest_timestamp: Time(),
  xproxy_result: XproxyResult,
});

export const BulkAnswer: TObject = Answer({
  ingest_timestamp: Time(),
  ingest_count: Count(),
  error_count: Count(),
  item_error_count: Count(),
  total_count: Count(),
  errors: Nullable(Type.Array(Type.Object({ item_index: Count(), xproxy_result: ApiError }))),
  results: Type.Optional(
    Type.Array(
      Type.Object({
        request_id: Type.Optional(Text()),
        xproxy_result: Type.Optional(XproxyResult),
        error: Type.Optional(Type.Object({ code: Text(), message: Text() })),
      }),
      { description: "One per item, in order; not with `Prefer: return=minimal`" },
    ),
  ),
});
