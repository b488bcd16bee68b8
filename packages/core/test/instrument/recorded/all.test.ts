import { expect, test } from "vitest";

import { areAbsent, recordingsOf } from "./replay.ts";

const recordings = recordingsOf(() => true);

test.skipIf(areAbsent)("every recorded answer belongs to one of the suites beside this one", () => {
  const suites = [
    recordingsOf(({ api }) => api.startsWith("openai.")),
    recordingsOf(({ provider }) => provider === "anthropic"),
    recordingsOf(({ provider }) => provider.startsWith("google")),
    recordingsOf(({ provider }) => provider === "bedrock"),
  ];
  const ids = suites.flat().map(({ id }) => id);
  expect(ids.toSorted()).toEqual(recordings.map(({ id }) => id).toSorted());
  expect(ids).toHaveLength(95);
});
