import { expect, test } from "vitest";

import { liftFacts } from "../../src/domain/reserved-properties.ts";

test("what is reserved becomes a fact, the rest stays in the bag", () => {
  const facts = liftFacts({
    "system.service_tier": "priority",
    "system.speed": "fast",
    "system.inference_geo": "us",
    "system.data_residency": "eu",
    "system.usage_source": "estimated",
    "system.outcome": "timeout",
    "system.attempt": "2",
    "system.call_id": "c",
    "system.refused_by": "a, b,,",
    "system.parent_use_case_id": "p",
    "system.seeded": "true",
    "system.failure": "F",
    "system.failure.description": "why",
    "system.user_id": "u",
    "system.account_name": "acc",
    "system.use_case_step": "s",
    "system.stack_trace": "[]",
    color: "blue",
    gone: null,
  });
  expect({ ...facts, properties: { ...facts.properties } }).toEqual({
    serviceTier: "priority",
    speed: "fast",
    inferenceGeo: "us",
    dataResidency: "eu",
    usageSource: "estimated",
    outcome: "timeout",
    attempt: 2,
    callId: "c",
    refusedBy: ["a", "b"],
    parentInstance: "p",
    seeded: true,
    failure: "F",
    failureDescription: "why",
    user: "u",
    account: "acc",
    step: "s",
    properties: { "system.stack_trace": "[]", color: "blue" },
  });
});

test("values that are none of their kind are as if they had not been sent", () => {
  expect(
    liftFacts({
      "system.outcome": "great",
      "system.usage_source": "guess",
      "system.attempt": "x",
      "system.seeded": "1",
    }),
  ).toMatchObject({ outcome: null, usageSource: null, attempt: null, seeded: false });
  expect(liftFacts(undefined)).toMatchObject({ outcome: null, refusedBy: [], seeded: false });
});
