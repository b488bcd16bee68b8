import { expect, test } from "vitest";

import { describeFailure, failureName } from "../src/call-failure.ts";
import { Recording } from "../src/recording.ts";

const KEY = "sk-a-very-long-key";

/** What fetch throws where nobody listens. */
function refused(): Error {
  const cause = Object.assign(new Error("connect ECONNREFUSED 127.0.0.1:9"), { code: "ECONNREFUSED" });
  return new TypeError("fetch failed", { cause });
}

test("an exception is told by its type and by the codes of its causes, without a word of its message", () => {
  expect(failureName(refused())).toBe("TypeError");
  expect(describeFailure(refused(), undefined)).toBe("ECONNREFUSED");
  const wordy = Object.assign(new Error("cannot answer: where does Jane live?"), { code: "a prompt" });
  expect(describeFailure(wordy, undefined)).toBeUndefined();
  expect(describeFailure("thrown text", undefined)).toBeUndefined();
  expect(describeFailure(undefined, undefined)).toBeUndefined();
});

test("where words are recorded the messages travel too, without the call's credential", () => {
  const recording = new Recording(false);
  recording.request({}, new Headers({ authorization: `Bearer ${KEY}` }));
  const told = describeFailure(new Error(`key ${KEY} is wrong`, { cause: refused() }), recording);
  expect(told).toBe(
    "key <credential> is wrong: fetch failed: ECONNREFUSED: connect ECONNREFUSED 127.0.0.1:9",
  );
});

test("errors that cause each other end, and a long message is cut", () => {
  const one = new Error("x".repeat(5_000));
  one.cause = new Error("y", { cause: one });
  expect(describeFailure(one, new Recording(false))).toHaveLength(500);
});
