import { Logger, SetMetadata } from "@nestjs/common";
import { getContext, trackContext } from "@payi/core";
import { Observable, Subject, firstValueFrom, isObservable, lastValueFrom, of } from "rxjs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { Track } from "../src/index.ts";
import { type PayiRecorder, PayiTestingModule, type RecordedScore } from "../src/testing.ts";
import { type Model, recorderOf, recording, startModel } from "./support.ts";

let model: Model;
let recorder: PayiRecorder;
beforeAll(async () => {
  Logger.overrideLogger(false);
  model = await startModel();
});
afterAll(() => model[Symbol.asyncDispose]());
beforeEach(() => {
  recorder = recorderOf(PayiTestingModule.forRoot(recording(model)));
});
afterEach(() => recorder.clear());

async function successes(): Promise<readonly RecordedScore[]> {
  return (await recorder.scores()).filter(({ kpi }) => kpi === "success");
}

/** Starts the query when somebody waits for it, and not before, as Prisma and Knex do. */
class LazyQuery implements PromiseLike<string> {
  ran = 0;

  where(): this {
    return this;
  }

  // oxlint-disable-next-line unicorn/no-thenable
  then<A = string, B = never>(
    resolve?: ((value: string) => A | PromiseLike<A>) | null,
    reject?: ((error: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.ran += 1;
    return model.ask().then(resolve, reject);
  }
}

const source = new Subject<string>();

class Trails {
  readonly greeting = "Moab";
  readonly ran: string[] = [];

  @Track("sync_case")
  sync(text: string): string {
    return `${this.greeting} ${text} ${getContext().useCaseName}`;
  }

  @Track("sync_case")
  throws(): never {
    throw new Error("boom");
  }

  @Track()
  async asks(): Promise<string> {
    return model.ask();
  }

  @Track("lazy_case")
  lazy(): LazyQuery {
    return new LazyQuery();
  }

  @Track("sdk_case")
  sdkPromise(): ReturnType<Model["client"]["messages"]["create"]> {
    return model.client.messages.create({ model: "claude-sonnet-4-6", max_tokens: 5, messages: [] });
  }

  @Track({ useCaseName: "stream_case", recordKpis: (last) => ({ words: Number(last) }) })
  observable(): Observable<number> {
    return new Observable((subscriber) => {
      void (async () => {
        await model.ask();
        subscriber.next(1);
        subscriber.next(2);
        subscriber.complete();
      })();
    });
  }

  @Track({ useCaseName: "left_case", kpis: { aborted: true } })
  endless(): Observable<string> {
    return source;
  }

  @Track("words_case")
  async *words(): AsyncGenerator<string, string> {
    yield await model.ask();
    yield String(getContext().useCaseName);
    return "done";
  }

  @Track("steps_case")
  *steps(): Generator<string | undefined> {
    yield getContext().useCaseName;
    yield getContext().useCaseName;
  }

  @Track({ useCaseName: "own_case", newInstance: true })
  async own(again: boolean): Promise<string | undefined> {
    const { useCaseId } = getContext();
    await model.ask();
    return again ? `${useCaseId} ${await this.own(false)}` : useCaseId;
  }

  @Track({
    useCaseName: "told_case",
    useCaseId: ({ args }) => String(args[0]),
    userId: ({ self }) => (self as Trails).greeting,
    limitIds: ["daily"],
    kpis: { success: "resolved", latency_ms: false },
    recordKpis: (result) => ({ length: String(result).length }),
  })
  async told(_id: string): Promise<string> {
    return model.ask();
  }

  @Track({
    useCaseName: "careless_case",
    userId: () => {
      throw new Error("no session");
    },
    recordKpis: () => {
      throw new Error("no result");
    },
  })
  async careless(): Promise<string> {
    return model.ask();
  }
}

describe("the kind of result stays", () => {
  test("a synchronous method stays synchronous, keeps `this`, and throws what it threw", async () => {
    const trails = new Trails();
    expect(trails.sync("trails")).toBe("Moab trails sync_case");
    expect(() => trails.throws()).toThrow("boom");
  });

  test("a promise is a promise, and its end is the instance's", async () => {
    const answer = new Trails().asks();
    expect(answer).toBeInstanceOf(Promise);
    expect(await answer).toMatch(/^msg_/);
    const [event] = await recorder.events();
    expect(event?.useCaseName).toBe("Trails.asks");
    expect(await successes()).toMatchObject([{ useCaseId: event?.useCaseId, score: true }]);
  });

  test("a lazy query is not run by being tracked, stays itself, and runs inside", async () => {
    const query = new Trails().lazy();
    await Promise.resolve();
    expect([query instanceof LazyQuery, query.ran, await recorder.events()]).toEqual([true, 0, []]);
    expect(await query.where()).toMatch(/^msg_/);
    expect([query.ran, await recorder.events()]).toMatchObject([1, [{ useCaseName: "lazy_case" }]]);
    expect(await successes()).toMatchObject([{ useCaseName: "lazy_case", score: true }]);
  });

  test("an SDK's own promise keeps its methods", async () => {
    const { response } = await new Trails().sdkPromise().withResponse();
    expect(response.status).toBe(200);
    expect(await recorder.events()).toMatchObject([{ useCaseName: "sdk_case" }]);
  });

  test("an observable is cold, and every subscription an instance that ends with it", async () => {
    const numbers = new Trails().observable();
    expect(isObservable(numbers)).toBe(true);
    expect([await lastValueFrom(numbers), await lastValueFrom(numbers)]).toEqual([2, 2]);
    const events = await recorder.events();
    expect(new Set(events.map(({ useCaseId }) => useCaseId)).size).toBe(2);
    expect(await successes()).toMatchObject([{ score: true }, { score: true }]);
    const words = (await recorder.scores()).filter(({ kpi }) => kpi === "words");
    expect(words.map(({ score }) => score)).toEqual([2, 2]);
  });

  test("whoever unsubscribes ends the instance as aborted", async () => {
    const first = firstValueFrom(new Trails().endless());
    source.next("Moab");
    expect([await first, source.observed]).toEqual(["Moab", false]);
    // Nothing was called: an instance in which nothing happened is not sent.
    expect(await recorder.scores()).toEqual([]);
  });

  test("an async generator keeps its kind, and each step runs inside, wherever it is read", async () => {
    const words = new Trails().words();
    expect(Object.prototype.toString.call(words)).toBe("[object AsyncGenerator]");
    const read: string[] = [];
    await trackContext({ useCaseName: "somewhere_else" }, async () => {
      for await (const word of words) read.push(word);
    });
    expect(read[1]).toBe("words_case");
    expect(await recorder.events()).toMatchObject([{ useCaseName: "words_case" }]);
    expect(await successes()).toMatchObject([{ useCaseName: "words_case", score: true }]);
  });

  test("a generator left early ends its instance", async () => {
    for await (const _word of new Trails().words()) break;
    expect(await successes()).toMatchObject([{ useCaseName: "words_case", score: true }]);
  });

  test("a generator stays synchronous", () => {
    expect([...new Trails().steps()]).toEqual(["steps_case", "steps_case"]);
  });

  test("name, length and what other decorators left stay on the method", () => {
    const mark = SetMetadata("roles", ["ranger"]);
    class Decorated {
      @Track("decorated_case")
      @mark
      below(_one: string, _two: string): void {
        // Only its description counts.
      }

      @mark
      @Track("decorated_case")
      above(): void {
        // Only its description counts.
      }
    }
    const methods = ["below", "above"].map((name) => Reflect.get(Decorated.prototype, name) as () => void);
    expect(methods.map(({ name, length }) => [name, length])).toEqual([
      ["below", 2],
      ["above", 0],
    ]);
    const roles = methods.map((method) => Reflect.getMetadata("roles", method) as unknown);
    expect(roles).toEqual([["ranger"], ["ranger"]]);
  });
});

describe("which instance", () => {
  test("newInstance nests instances of the same use case", async () => {
    const [outer, inner] = (await new Trails().own(true))?.split(" ") ?? [];
    expect(outer).not.toBe(inner);
    const events = await recorder.events();
    expect(events.map(({ useCaseId }) => useCaseId)).toEqual([outer, inner]);
    expect(events[1]?.useCaseProperties?.["system.parent_use_case_id"]).toBe(outer);
  });

  test("its id, user, limits and KPIs come from the call", async () => {
    await new Trails().told("session-1");
    expect(await recorder.events()).toMatchObject([
      { useCaseName: "told_case", useCaseId: "session-1", userId: "Moab", limitIds: ["daily"] },
    ]);
    const scores = await recorder.scores();
    expect(scores.map(({ kpi, useCaseId }) => [kpi, useCaseId])).toEqual([
      ["length", "session-1"],
      ["resolved", "session-1"],
    ]);
  });

  test("options that throw leave their value out and the method unharmed", async () => {
    expect(await new Trails().careless()).toMatch(/^msg_/);
    const [event] = await recorder.events();
    expect([event?.useCaseName, event?.userId]).toEqual(["careless_case", undefined]);
    expect(await successes()).toMatchObject([{ score: true }]);
  });

  test("an observable of another kind of value passes through", async () => {
    class Plain {
      @Track("plain_case")
      list(): string[] {
        return ["Moab"];
      }

      @Track("plain_case")
      one(): Observable<string> {
        return of("Moab");
      }
    }
    expect([new Plain().list(), await firstValueFrom(new Plain().one())]).toEqual([["Moab"], "Moab"]);
  });
});
