import { once } from "node:events";
import { Readable } from "node:stream";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

import { type MessageStream } from "@anthropic-ai/sdk/lib/MessageStream";
import { Stream } from "@anthropic-ai/sdk/streaming";
import { Logger } from "@nestjs/common";
import { getContext } from "@payi/core";
import { BehaviorSubject, Observable, ReplaySubject, firstValueFrom, lastValueFrom, map } from "rxjs";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";

import { until } from "../../core/test/support.ts";
import { Track } from "../src/index.ts";
import { type PayiRecorder, PayiTestingModule, type RecordedScore } from "../src/testing.ts";
import { type Model, QUESTION, recorderOf, recording, startModel } from "./support.ts";

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

let model: Model;
let recorder: PayiRecorder;
beforeAll(async () => {
  Logger.overrideLogger(false);
  model = await startModel();
});
afterAll(async () => {
  // What nobody has read ends when it is collected: here, and not in the tests of another file.
  collect();
  await new Promise((resolve) => setImmediate(resolve));
  await model[Symbol.asyncDispose]();
});
beforeEach(() => {
  recorder = recorderOf(PayiTestingModule.forRoot(recording(model)));
});
afterEach(() => recorder.clear());

async function successes(): Promise<readonly RecordedScore[]> {
  return (await recorder.scores()).filter(({ kpi }) => kpi === "success");
}

type Word = { readonly word: string };

/** What an SDK makes of an answer in lines; a line that is no JSON breaks it. */
function streamOf(...lines: readonly string[]): Stream<Word> {
  const { body } = new Response(lines.join("\n"));
  if (body === null) throw new Error("A text has a body.");
  return Stream.fromReadableStream<Word>(body, new AbortController());
}

/** As a provider's SDK has them: an iterable that is no iterator, lazy, and with an iterator of its own each time. */
class Lines implements AsyncIterable<string> {
  readonly #seen: (string | undefined)[] = [];

  seen(): readonly (string | undefined)[] {
    return this.#seen;
  }

  [Symbol.asyncIterator](): AsyncIterator<string> {
    let told = 0;
    return {
      next: async () => {
        this.#seen.push(getContext().useCaseName);
        told += 1;
        return told > 2 ? { done: true, value: undefined } : { done: false, value: await model.ask() };
      },
    };
  }
}

/** A page of a list, which fetches the others while it is iterated; its `next` is a cursor. */
class Page {
  readonly data = ["Slickrock", "Porcupine Rim"];
  readonly next = "cursor";

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    yield* this.data;
  }
}

class Trails {
  @Track({ useCaseName: "words_case", recordKpis: (last) => ({ letters: (last as Word).word.length }) })
  async words(...lines: readonly string[]): Promise<Stream<Word>> {
    await model.ask();
    return streamOf(...lines);
  }

  @Track({ useCaseName: "lazy_case", kpis: { aborted: true } })
  lazy(): Lines {
    return new Lines();
  }

  @Track({ useCaseName: "told_case", kpis: { aborted: true } })
  told(): MessageStream {
    return model.client.messages.stream(QUESTION);
  }

  @Track({ useCaseName: "page_case", recordKpis: (page) => ({ trails: (page as Page).data.length }) })
  async page(): Promise<Page> {
    await model.ask();
    return new Page();
  }

  @Track("file_case")
  async file(): Promise<Readable> {
    return Readable.from([await model.ask()]);
  }

  @Track("generated_case")
  async generated(): Promise<AsyncGenerator<string>> {
    return (async function* generate() {
      yield await model.ask();
    })();
  }
}

async function read<T>(source: AsyncIterable<T>): Promise<readonly T[]> {
  const parts: T[] = [];
  for await (const part of source) parts.push(part);
  return parts;
}

describe("a stream that is no iterator", () => {
  test("a provider's stream ended its instance when it was returned, and not when it was read", async () => {
    const stream = await new Trails().words('{"word":"Go"}', '{"word":"Moab"}');
    expect(stream).toBeInstanceOf(Stream);
    expect(stream.controller).toBeInstanceOf(AbortController);
    expect(Object.keys(stream)).toEqual(Object.keys(streamOf()));
    expect(await successes()).toEqual([]);
    expect(await read(stream)).toEqual([{ word: "Go" }, { word: "Moab" }]);
    expect(await successes()).toMatchObject([{ useCaseName: "words_case", score: true }]);
    expect(await recorder.scores()).toContainEqual(expect.objectContaining({ kpi: "letters", score: 4 }));
  });

  test("a stream that breaks fails its instance, one that is left early does not", async () => {
    await expect(read(await new Trails().words('{"word":"Go"}', "Moab"))).rejects.toThrow(SyntaxError);
    expect(await successes()).toMatchObject([{ score: false }]);
    for await (const _word of await new Trails().words('{"word":"Go"}', '{"word":"Moab"}')) break;
    expect(await successes()).toMatchObject([{ score: false }, { score: true }]);
  });

  test("the halves of a stream are inside, and end with the first that was read", async () => {
    const [one, other] = (await new Trails().words('{"word":"Go"}', '{"word":"Moab"}')).tee();
    collect();
    expect(await successes()).toEqual([]);
    expect(await read(one)).toEqual([{ word: "Go" }, { word: "Moab" }]);
    expect(await successes()).toMatchObject([{ useCaseName: "words_case", score: true }]);
    expect(await read(other)).toHaveLength(2);
    expect(await successes()).toHaveLength(1);
  });

  test("each iteration is an instance, and each of its steps inside", async () => {
    const lines = new Trails().lazy();
    expect(lines).toBeInstanceOf(Lines);
    expect([(await read(lines)).length, (await read(lines)).length]).toEqual([2, 2]);
    expect(new Set(lines.seen())).toEqual(new Set(["lazy_case"]));
    const events = await recorder.events();
    expect(events).toHaveLength(4);
    expect(new Set(events.map(({ useCaseId }) => useCaseId)).size).toBe(2);
    expect(await successes()).toHaveLength(2);
  });

  test("an iterator without `return` told nobody that it was left early", async () => {
    for await (const _line of new Trails().lazy()) break;
    expect(await successes()).toMatchObject([{ useCaseName: "lazy_case", score: true }]);
  });

  test("a stream that nobody reads ends its instance when it is collected", async () => {
    await new Trails().words('{"word":"Go"}');
    const ended = async (): Promise<boolean> => {
      collect();
      return (await successes()).length > 0;
    };
    let known = await ended();
    await until(() => {
      void ended().then((is) => (known = is));
      return known;
    }, "the end of the unread stream's instance");
    const scores = await recorder.scores();
    expect(scores.map(({ kpi }) => kpi)).not.toContain("letters");
    expect(await successes()).toMatchObject([{ useCaseName: "words_case", score: true }]);
  });

  test("a stream that calls listeners ends its instance by its own end, read or not", async () => {
    const told = new Trails().told();
    const ended = once(told as never, "end");
    told.on("abort", () => undefined);
    told.on("text", () => told.abort());
    await ended;
    const aborted = (await recorder.scores()).filter(({ kpi }) => kpi === "aborted");
    expect(aborted).toMatchObject([{ useCaseName: "told_case", score: true }]);
    const file = await new Trails().file();
    expect(await successes()).toMatchObject([{ useCaseName: "told_case" }]);
    expect(await file.toArray()).toHaveLength(1);
    expect((await successes())[1]).toMatchObject({ useCaseName: "file_case", score: true });
  });

  test("a page of a list lost its KPIs: its instance waited for somebody to iterate it", async () => {
    expect(await new Trails().page()).toBeInstanceOf(Page);
    const scores = await recorder.scores();
    expect(scores).toContainEqual(expect.objectContaining({ kpi: "trails", score: 2 }));
    expect(await successes()).toMatchObject([{ useCaseName: "page_case", score: true }]);
  });

  test("a generator that a promise comes to ends its instance when it was read", async () => {
    expect(await read(await new Trails().generated())).toHaveLength(1);
    expect(await recorder.events()).toMatchObject([{ useCaseName: "generated_case" }]);
    expect(await successes()).toMatchObject([{ useCaseName: "generated_case", score: true }]);
  });
});

class Store extends Observable<string> {
  readonly #name = "Moab";

  name(): string {
    return this.#name;
  }
}

class Sources {
  readonly state = new BehaviorSubject(5);

  @Track("state_case")
  current(): BehaviorSubject<number> {
    return this.state;
  }

  @Track("store_case")
  store(): Store {
    return new Store((subscriber) => {
      void (async () => {
        await model.ask();
        subscriber.next(String(getContext().useCaseName));
        subscriber.complete();
      })();
    });
  }

  @Track("replayed_case")
  replayed(): ReplaySubject<string> {
    const answers = new ReplaySubject<string>(1);
    void (async () => {
      answers.next(await model.ask());
      answers.complete();
    })();
    return answers;
  }
}

describe("an observable of a class of its own", () => {
  test("a subject became a plain observable: getValue is not a function", async () => {
    const sources = new Sources();
    expect([sources.current(), sources.current().getValue()]).toEqual([sources.state, 5]);
    sources.current().next(6);
    expect(await firstValueFrom(sources.current().pipe(map((value) => value + 1)))).toBe(7);
    expect(sources.state.observed).toBe(false);
  });

  test("it stays itself, its subscription is inside, and its end the instance's", async () => {
    const store = new Sources().store();
    expect([store.constructor, store.name()]).toEqual([Store, "Moab"]);
    expect([await lastValueFrom(store), await lastValueFrom(store)]).toEqual(["store_case", "store_case"]);
    const events = await recorder.events();
    expect(new Set(events.map(({ useCaseId }) => useCaseId)).size).toBe(2);
    expect(await lastValueFrom(new Sources().replayed())).toMatch(/^msg_/);
    const names = (await successes()).map(({ useCaseName, score }) => [useCaseName, score]);
    expect(names).toEqual([
      ["store_case", true],
      ["store_case", true],
      ["replayed_case", true],
    ]);
  });
});

class Memoised {
  asked = 0;
  readonly answer: PromiseLike<number> = {
    // oxlint-disable-next-line unicorn/no-thenable
    then: (resolve, reject) => {
      this.asked += 1;
      return model
        .ask()
        .then(() => this.asked)
        .then(resolve, reject);
    },
  };
  readonly #steps = (function* steps(): Generator<number> {
    yield 1;
    yield 2;
  })();

  @Track("memoised_case")
  same(): PromiseLike<number> {
    return this.answer;
  }

  @Track("steps_case")
  steps(): Generator<number> {
    return this.#steps;
  }

  @Track("outer_case")
  outer(): PromiseLike<number> {
    return this.same();
  }
}

describe("an object that is returned again and again", () => {
  test("a memoised thenable was wrapped until the stack overflowed", async () => {
    const memoised = new Memoised();
    for (let call = 0; call < 12_000; call += 1) memoised.same();
    expect(memoised.same()).toBe(memoised.answer);
    expect(await memoised.same()).toBe(1);
    expect(await memoised.same()).toBe(2);
    const events = await recorder.events();
    expect(events.map(({ useCaseName }) => useCaseName)).toEqual(["memoised_case", "memoised_case"]);
    expect(new Set(events.map(({ useCaseId }) => useCaseId)).size).toBe(2);
    expect(await successes()).toHaveLength(2);
  });

  test("a memoised generator is wrapped once", () => {
    const memoised = new Memoised();
    for (let call = 0; call < 12_000; call += 1) memoised.steps();
    expect([...memoised.steps()]).toEqual([1, 2]);
  });

  test("what two methods return is inside both", async () => {
    const memoised = new Memoised();
    for (let call = 0; call < 100; call += 1) memoised.outer();
    expect(await memoised.outer()).toBe(1);
    expect(await recorder.events()).toMatchObject([{ useCaseName: "memoised_case" }]);
  });
});
