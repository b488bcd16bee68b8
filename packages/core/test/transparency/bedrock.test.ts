/** Every scenario of AWS's client runs twice against the same Bedrock, with and without us, and comes to the same. */
import { afterAll, beforeAll, expect, test } from "vitest";

import { type Http2Loopback, clientOf } from "../instrument/recorded/bedrock-loopback.ts";
import { startBedrock } from "./bedrock-provider.ts";
import { BEDROCK_SCENARIOS } from "./bedrock-scenarios.ts";
import { twice } from "./twice.ts";

let provider: Http2Loopback;
let reported = 0;

beforeAll(async () => {
  provider = await startBedrock();
});

afterAll(() => provider[Symbol.asyncDispose]());

test.for(BEDROCK_SCENARIOS)("bedrock: $name", async ({ act }) => {
  const before = provider.received.length;
  const { bare, metered, calls } = await twice(
    async () => {
      const client = clientOf(provider.url);
      try {
        return await act(client);
      } finally {
        client.destroy();
      }
    },
    { hostMappings: { [provider.host]: { priceAsCategory: "system.aws.bedrock" } } },
  );
  reported += calls;
  expect(metered).toEqual(bare);
  const sent = provider.received
    .slice(before)
    // An abort may be faster than the request.
    .filter(({ path }) => !path.includes("/hang/"))
    .map(({ path, body }) => ({ path, body: body.toString() }));
  expect(sent.slice(sent.length / 2)).toEqual(sent.slice(0, sent.length / 2));
});

test("all of it was metered", () => {
  expect(reported).toBeGreaterThanOrEqual(BEDROCK_SCENARIOS.length);
});
