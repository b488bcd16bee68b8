import {
  type CanActivate,
  Catch,
  Controller,
  type ExceptionFilter,
  type ExecutionContext,
  Get,
  Header,
  HttpCode,
  HttpException,
  Inject,
  Injectable,
  Param,
  Post,
  Sse,
  UseFilters,
  UseGuards,
} from "@nestjs/common";
import { getContext } from "@payi/core";
import { Observable } from "rxjs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import {
  type InstanceHandle,
  PayiInstance,
  PayiInterceptor,
  PayiService,
  SkipTracking,
  Track,
  UseCaseId,
} from "../src/index.ts";
import { type Model, PLATFORMS, QUESTION, run, startModel } from "./support.ts";

let model: Model;
beforeAll(async () => {
  model = await startModel();
});
afterAll(() => model[Symbol.asyncDispose]());

@Injectable()
class UserGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context
      .switchToHttp()
      .getRequest<{ user: string | undefined; headers: Record<string, string> }>();
    request.user = request.headers["x-user"];
    return true;
  }
}

@Injectable()
class AskingGuard implements CanActivate {
  async canActivate(): Promise<boolean> {
    await model.ask();
    return true;
  }
}

@Catch()
class TeapotFilter implements ExceptionFilter {
  catch(error: unknown, host: ExecutionContext): void {
    const response = host
      .switchToHttp()
      .getResponse<{ status(code: number): { send(body: unknown): void } }>();
    const status = error instanceof HttpException ? error.getStatus() : 418;
    response.status(status).send({ useCaseId: getContext().useCaseId, status });
  }
}

@Injectable()
class Searches {
  @Track()
  async near(): Promise<string> {
    return model.ask();
  }

  @Track("enrichment")
  async enrich(): Promise<string> {
    return model.ask();
  }
}

const closed: string[] = [];

@Controller("trails")
@UseGuards(UserGuard)
class Trails {
  readonly #searches: Searches;
  readonly #payi: PayiService;

  constructor(@Inject(Searches) searches: Searches, @Inject(PayiService) payi: PayiService) {
    this.#searches = searches;
    this.#payi = payi;
  }

  @Get("plain/:id")
  async plain(@Param("id") id: string): Promise<object> {
    return { id, answer: await this.#searches.near() };
  }

  @Post("named")
  @HttpCode(202)
  @Header("x-kept", "yes")
  @Track({
    useCaseName: "trail_finder",
    useCaseVersion: 2,
    recordKpis: (result) => ({ found: result !== undefined }),
  })
  async named(@PayiInstance() instance: InstanceHandle, @UseCaseId() id: string): Promise<object> {
    instance.addProperties({ location: "Moab" });
    await this.#searches.near();
    await this.#searches.enrich();
    return { id, running: this.#payi.instance?.id, user: this.#payi.context.userId };
  }

  @Get("nothing")
  nothing(): string {
    return "ok";
  }

  @Get("skipped")
  @SkipTracking()
  async skipped(@PayiInstance() instance: InstanceHandle | undefined): Promise<string> {
    return instance?.id ?? model.ask();
  }

  @Get("fails")
  async fails(): Promise<never> {
    await model.ask();
    throw new Error("boom");
  }

  @Get("guarded")
  @UseGuards(AskingGuard)
  async guarded(): Promise<string> {
    return "ok";
  }

  @Get("filtered")
  @UseFilters(TeapotFilter)
  async filtered(): Promise<never> {
    await model.ask();
    throw new Error("boom");
  }

  @Sse("events")
  events(): Observable<{ data: string }> {
    return new Observable((subscriber) => {
      const stream = model.client.messages.stream(QUESTION);
      stream.on("text", (text) => subscriber.next({ data: text }));
      stream.on("abort", () => undefined);
      return () => {
        closed.push("events");
        stream.abort();
      };
    });
  }
}

@Controller("broken")
class Broken {
  @Sse("events")
  events(): Observable<{ data: string }> {
    return new Observable((subscriber) => {
      void (async () => {
        subscriber.next({ data: await model.ask() });
        subscriber.error(new Error("boom"));
      })();
    });
  }
}

function userOf(context: ExecutionContext): string | undefined {
  return context.switchToHttp().getRequest<{ user?: string }>().user;
}

describe.each(PLATFORMS)("on %s", (_name, adapter) => {
  const trails = { controllers: [Trails], providers: [Searches, UserGuard], adapter };

  test("a handler names its request's instance; services join it, unless they name another use case", async () => {
    await using on = await run(model, {
      ...trails,
      payi: { userId: userOf, accountName: "acme", limitIds: ["daily"] },
    });
    const response = await fetch(`${on.url}/trails/named`, { method: "POST", headers: { "x-user": "jane" } });
    const id = response.headers.get("x-payi-use-case-id");
    expect([response.status, response.headers.get("x-kept")]).toEqual([202, "yes"]);
    expect(await response.json()).toEqual({ id, running: id, user: "jane" });
    await on.scores("success", 2);
    const [joined, nested] = await on.recorder.events();
    expect(joined).toMatchObject({
      category: "system.anthropic",
      useCaseName: "trail_finder",
      useCaseVersion: 2,
      useCaseId: id,
      userId: "jane",
      accountName: "acme",
      limitIds: ["daily"],
      useCaseProperties: { location: "Moab" },
      units: { text: { input: 25, output: 40 } },
    });
    expect(nested).toMatchObject({
      useCaseName: "enrichment",
      userId: "jane",
      useCaseProperties: { "system.parent_use_case_id": id },
    });
    expect(nested?.useCaseId).not.toBe(id);
    expect(await on.scores("found", 1)).toMatchObject([{ useCaseId: id, score: true }]);
  });

  test("without a name the use case is Class.method, and useCaseName names them all", async () => {
    await using on = await run(model, trails);
    expect(await (await fetch(`${on.url}/trails/plain/17`)).json()).toMatchObject({ id: "17" });
    const [event] = await on.recorder.events();
    expect(event?.useCaseName).toBe("Trails.plain");
    await using other = await run(model, {
      ...trails,
      payi: { useCaseName: async (context) => `late_${context.getHandler().name}` },
    });
    await (await fetch(`${other.url}/trails/plain/17`)).json();
    const [named] = await other.recorder.events();
    expect(named?.useCaseName).toBe("late_plain");
  });

  test("a request that calls no model makes no instance", async () => {
    await using on = await run(model, { ...trails, payi: { useCaseProperties: { tier: "free" } } });
    await (await fetch(`${on.url}/trails/nothing`)).text();
    await (await fetch(`${on.url}/nowhere`)).text();
    expect([await on.recorder.events(), await on.recorder.scores()]).toEqual([[], []]);
  });

  test("a skipped handler belongs to no request, by decorator and by option", async () => {
    const skip = (context: ExecutionContext): boolean => context.getHandler().name === "plain";
    await using on = await run(model, { ...trails, payi: { skip } });
    for (const path of ["skipped", "plain/17"]) {
      const response = await fetch(`${on.url}/trails/${path}`);
      expect([response.status, response.headers.get("x-payi-use-case-id")]).toEqual([200, null]);
      await response.text();
    }
    const events = await on.recorder.events();
    expect(events.map(({ useCaseName }) => useCaseName)).toEqual(["tests", "Searches.near"]);
    expect((await on.recorder.scores()).filter(({ useCaseName }) => useCaseName === "unnamed")).toEqual([]);
  });

  test("guards and filters are inside, and a handler that throws fails its instance", async () => {
    await using on = await run(model, trails);
    await (await fetch(`${on.url}/trails/guarded`)).text();
    const response = await fetch(`${on.url}/trails/filtered`);
    const { useCaseId } = (await response.json()) as { useCaseId: string };
    expect([response.status, response.headers.get("x-payi-use-case-id")]).toEqual([418, useCaseId]);
    await (await fetch(`${on.url}/trails/fails`)).text();
    const scores = await on.scores("success", 3);
    expect(scores.map(({ useCaseName, score }) => [useCaseName, score])).toEqual([
      ["Trails.guarded", true],
      ["Trails.filtered", false],
      ["Trails.fails", false],
    ]);
  });

  test("a client that leaves a stream of events ends the handler's observable and the instance, as aborted", async () => {
    await using on = await run(model, { ...trails, payi: { kpis: { aborted: true } } });
    closed.length = 0;
    const leaving = new AbortController();
    const response = await fetch(`${on.url}/trails/events`, { signal: leaving.signal });
    await response.body?.getReader().read();
    leaving.abort();
    expect(await on.scores("aborted", 1)).toMatchObject([{ useCaseName: "Trails.events", score: true }]);
    expect(closed).toEqual(["events"]);
    const events = await on.recorder.events();
    expect(events.map(({ properties }) => properties?.["system.outcome"])).toEqual(["aborted"]);
    expect(events[0]?.units["text"]?.input).toBe(25);
  });

  test("events that broke off in the middle counted as a success, by the status they began with", async () => {
    await using on = await run(model, { controllers: [Broken], adapter });
    const response = await fetch(`${on.url}/broken/events`);
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining("event: error")]);
    expect(await on.scores("success", 1)).toMatchObject([{ useCaseName: "Broken.events", score: false }]);
  });

  test("without middleware the interceptor opens the instance; without both nothing is tracked", async () => {
    await using on = await run(model, {
      ...trails,
      middleware: { mount: false },
      payi: { exposeHeaders: false },
    });
    const response = await fetch(`${on.url}/trails/plain/17`);
    await response.text();
    expect(response.headers.get("x-payi-use-case-id")).toBeNull();
    expect(await on.scores("success", 1)).toMatchObject([{ useCaseName: "Trails.plain", score: true }]);
    await using off = await run(model, {
      ...trails,
      middleware: { mount: false },
      interceptor: { mount: false },
    });
    await (await fetch(`${off.url}/trails/skipped`)).text();
    const [event] = await off.recorder.events();
    expect([event?.useCaseName, off.app.get(PayiInterceptor)]).toEqual([
      "tests",
      expect.any(PayiInterceptor),
    ]);
  });

  test("routes can be chosen and excluded", async () => {
    const middleware = { forRoutes: [Trails], exclude: ["trails/nothing"] };
    await using on = await run(model, { ...trails, middleware, interceptor: { mount: false } });
    const headers = [];
    for (const path of ["trails/plain/17", "trails/nothing", "nowhere"]) {
      const response = await fetch(`${on.url}/${path}`);
      await response.text();
      headers.push(response.headers.get("x-payi-use-case-id") !== null);
    }
    expect(headers).toEqual([true, false, false]);
  });
});
