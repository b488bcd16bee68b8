import { describe, expect, test } from "vitest";

import { trackContext } from "../src/context.ts";
import { startInstance } from "../src/instance.ts";
import { joinInstance } from "../src/tracking.ts";

describe("the instance around a framework's call", () => {
  test("outside of every frame is a new one where a name is given, by the call or as a fallback", () => {
    expect(joinInstance({})).toEqual({ instance: undefined, isNew: false });
    expect(joinInstance({ useCaseName: "chat" }).instance?.name).toBe("chat");
    const { instance, isNew } = joinInstance({}, false, "trail_finder");
    expect([instance?.name, isNew]).toEqual(["trail_finder", true]);
  });

  test("inside an instance is that one, unless another use case or instance is named", () => {
    const around = startInstance({ name: "chat", kpis: false });
    around.run(() => {
      expect(joinInstance({})).toEqual({ instance: around, isNew: false });
      expect(joinInstance({ useCaseName: "chat" }, false, "fallback")).toEqual({
        instance: around,
        isNew: false,
      });
      expect(joinInstance({ useCaseName: "chat", useCaseId: around.id }).instance).toBe(around);
      expect(joinInstance({ useCaseName: "chat", useCaseId: "other" }).instance?.id).toBe("other");
      const other = joinInstance({ useCaseName: "search" });
      expect([other.instance?.name, other.isNew, other.instance?.id === around.id]).toEqual([
        "search",
        true,
        false,
      ]);
    });
  });

  test("inside a bare frame of the use case there is none to end", () => {
    trackContext({ useCaseName: "chat", useCaseStep: "first" }, () => {
      expect(joinInstance({ useCaseName: "chat" })).toEqual({ instance: undefined, isNew: false });
    });
  });
});
