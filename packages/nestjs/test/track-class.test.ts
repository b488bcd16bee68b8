import { EventEmitter } from "node:events";
import { Readable } from "node:stream";

import { getContext } from "@payi/core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { SkipTracking, Track } from "../src/index.ts";
import { PayiTestingModule } from "../src/testing.ts";
import { type Model, recording, startModel } from "./support.ts";

let model: Model;
beforeAll(async () => {
  model = await startModel();
  PayiTestingModule.forRoot(recording(model));
});
afterAll(() => model[Symbol.asyncDispose]());

describe("a tracked class", () => {
  test("on a class every method counts, unless it says otherwise", async () => {
    @Track("class_case")
    class Everything {
      name(): string | undefined {
        return getContext().useCaseName;
      }

      @Track("method_case")
      other(): string | undefined {
        return getContext().useCaseName;
      }

      @SkipTracking()
      skipped(): string | undefined {
        return getContext().useCaseName;
      }

      get getter(): string {
        return "untouched";
      }
    }
    const everything = new Everything();
    expect([everything.name(), everything.other(), everything.skipped(), everything.getter]).toEqual([
      "class_case",
      "method_case",
      "tests",
      "untouched",
    ]);
  });

  test("on a class the methods that it inherits were left out", async () => {
    class Oldest {
      oldest(): string | undefined {
        return getContext().useCaseName;
      }
    }
    class Base extends Oldest {
      inherited(): string | undefined {
        return getContext().useCaseName;
      }

      overridden(): string | undefined {
        return getContext().useCaseName;
      }

      @Track("own_case")
      named(): string | undefined {
        return getContext().useCaseName;
      }

      @SkipTracking()
      skipped(): string | undefined {
        return getContext().useCaseName;
      }
    }
    @Track("class_case")
    class Derived extends Base {
      override overridden(): string | undefined {
        return `${super.overridden()} ${this.inherited()}`;
      }
    }
    const names = (one: Base): readonly (string | undefined)[] => [
      one.oldest(),
      one.inherited(),
      one.overridden(),
      one.named(),
      one.skipped(),
    ];
    expect(names(new Derived())).toEqual([
      "class_case",
      "class_case",
      "class_case class_case",
      "own_case",
      "tests",
    ]);
    expect(names(new Base())).toEqual(["tests", "tests", "tests", "own_case", "tests"]);
  });

  test.for<[what: string, base: new () => object]>([
    ["an object", Object],
    ["an emitter", EventEmitter],
    ["a stream", Readable],
    ["a map", Map],
    ["an error", Error],
  ])("a class tracks nothing that it has as %s", ([, base]) => {
    @Track("class_case")
    class Derived extends base {
      name(): string | undefined {
        return getContext().useCaseName;
      }
    }
    expect(Object.getOwnPropertyNames(Derived.prototype)).toEqual(["constructor", "name"]);
    expect(Derived.prototype.name()).toBe("class_case");
  });
});
