import {
  type ArgumentsHost,
  type CanActivate,
  Catch,
  Controller,
  type ExceptionFilter,
  Get,
  HttpException,
  Injectable,
  Sse,
  UseFilters,
  UseGuards,
} from "@nestjs/common";
import { LimitExceededError } from "@payi/core";
import { Observable } from "rxjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { type Guard } from "../../core/src/limits/guard.ts";
import { getRuntime } from "../../core/test/support.ts";
import { LimitFilter } from "../src/index.ts";
import { type Model, PLATFORMS, run, startModel } from "./support.ts";

let model: Model;
beforeAll(async () => {
  model = await startModel();
});
afterAll(() => model[Symbol.asyncDispose]());

const REFUSAL = { limitIds: ["daily"], limitName: "Daily budget", spent: "9.87", held: "0.12", max: "10.41" };

function refuse(): never {
  throw new Error("the SDK wrapped it", { cause: new LimitExceededError(REFUSAL) });
}

@Injectable()
class RefusedGuard implements CanActivate {
  canActivate(): boolean {
    return refuse();
  }
}

@Injectable()
class PlainlyRefusedGuard implements CanActivate {
  canActivate(): boolean {
    throw new LimitExceededError(REFUSAL);
  }
}

@Catch()
class TeapotFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const response = host
      .switchToHttp()
      .getResponse<{ status(code: number): { send(body: unknown): void } }>();
    response.status(error instanceof HttpException ? error.getStatus() : 418).send("filtered");
  }
}

let entered = 0;

@Controller("refused")
class Refused {
  @Get()
  refused(): never {
    return refuse();
  }

  @Get("until")
  until(): never {
    throw new LimitExceededError({ ...REFUSAL, resetsAt: new Date(Date.now() + 3_600_000) });
  }

  @Get("allowed")
  allowed(): string {
    entered += 1;
    return "allowed";
  }

  @Get("own")
  own(): never {
    throw new HttpException("closed", 503, { cause: new LimitExceededError({ limitIds: ["daily"] }) });
  }

  @Get("guard")
  @UseGuards(RefusedGuard)
  guard(): string {
    return "never";
  }

  @Get("unfiltered")
  @UseGuards(PlainlyRefusedGuard)
  unfiltered(): string {
    return "never";
  }

  @Get("filtered")
  @UseFilters(TeapotFilter)
  filtered(): never {
    return refuse();
  }

  @Sse("events")
  events(): Observable<{ data: string }> {
    return new Observable((subscriber) => {
      subscriber.next({ data: "first" });
      setTimeout(() => {
        try {
          refuse();
        } catch (error) {
          subscriber.error(error);
        }
      }, 10);
    });
  }
}

describe.each(PLATFORMS)("on %s a refusal becomes an answer of the application", (_name, adapter) => {
  test("that says in Retry-After when the budget starts again, where that is known", async () => {
    await using on = await run(model, { controllers: [Refused], adapter });
    const seconds = Number((await fetch(`${on.url}/refused/until`)).headers.get("retry-after"));
    expect(seconds).toBeGreaterThan(3_000);
    expect(seconds).toBeLessThanOrEqual(3_600);
  });

  test("429 with a problem body, without amounts, and not to be retried", async () => {
    await using on = await run(model, { controllers: [Refused], adapter });
    const response = await fetch(`${on.url}/refused`);
    expect(response.status).toBe(429);
    expect(response.headers.get("content-type")).toContain("application/problem+json");
    expect(response.headers.get("x-should-retry")).toBe("false");
    expect(response.headers.get("retry-after")).toBeNull();
    const body = (await response.json()) as object;
    expect(body).toMatchObject({
      code: "payi_limit_exceeded",
      limitIds: ["daily"],
      limitName: "Daily budget",
    });
    expect(JSON.stringify(body)).not.toMatch(/9\.87|0\.12|10\.41/);
  });

  test("with amounts where the application asks for them", async () => {
    await using on = await run(model, { controllers: [Refused], adapter, payi: { exposeAmounts: true } });
    const body = await (await fetch(`${on.url}/refused`)).json();
    expect(body).toMatchObject({ spent: "9.87", held: "0.12", max: "10.41" });
  });

  test("by Nest's own filter, which shows an error's message: that tells no amounts either", async () => {
    await using on = await run(model, { controllers: [Refused], adapter });
    const response = await fetch(`${on.url}/refused/unfiltered`);
    const text = await response.text();
    expect([response.status, text]).toEqual([429, expect.stringContaining("Daily budget")]);
    expect(text).not.toMatch(/9\.87|0\.12|10\.41/);
  });

  test("or the status that is asked for; an HttpException of the application's own stays", async () => {
    await using on = await run(model, { controllers: [Refused], adapter, payi: { blockStatus: 402 } });
    const response = await fetch(`${on.url}/refused`);
    expect([response.status, ((await response.json()) as { status: number }).status]).toEqual([402, 402]);
    expect((await fetch(`${on.url}/refused/own`)).status).toBe(503);
    expect((await fetch(`${on.url}/refused/filtered`)).status).toBe(402);
  });

  test("the error stays as it is where mapping is off", async () => {
    await using on = await run(model, { controllers: [Refused], adapter, payi: { errorMapping: false } });
    expect((await fetch(`${on.url}/refused/filtered`)).status).toBe(418);
  });

  test("a guard's refusal is answered by the filter", async () => {
    await using on = await run(model, {
      controllers: [Refused],
      adapter,
      payi: { blockStatus: () => 424 },
      prepare: (app) => app.useGlobalFilters(app.get(LimitFilter)),
    });
    const response = await fetch(`${on.url}/refused/guard`);
    expect([response.status, await response.json()]).toMatchObject([424, { limitIds: ["daily"] }]);
    expect((await fetch(`${on.url}/nowhere`)).status).toBe(404);
  });

  test("before the handler runs, where limits are asked on entry", async () => {
    await using on = await run(model, { controllers: [Refused], adapter, payi: { checkOnEntry: true } });
    expect((await fetch(`${on.url}/refused/allowed`)).status).toBe(200);
    const guard: Guard = {
      authorize: async () => ({ refusal: { limitIds: ["daily"] }, settle: () => undefined }),
    };
    Object.assign(getRuntime() ?? {}, { guard });
    entered = 0;
    const response = await fetch(`${on.url}/refused/allowed`);
    expect([response.status, await response.json()]).toMatchObject([429, { limitIds: ["daily"] }]);
    expect(entered).toBe(0);
  });

  test("in a stream of events that has begun, as an event", async () => {
    await using on = await run(model, { controllers: [Refused], adapter });
    const text = await (await fetch(`${on.url}/refused/events`)).text();
    expect(text).toContain("data: first");
    expect(text).toMatch(/event: error\n(?:id: \d+\n)?data: \{.*"code":"payi_limit_exceeded"/);
    expect(await on.scores("success", 1)).toMatchObject([{ useCaseName: "Refused.events", score: false }]);
  });
});
