/** Which routes are tracked, and what is known of a request before its route. */
import {
  type CanActivate,
  Controller,
  Get,
  Injectable,
  Logger,
  RequestMethod,
  UseGuards,
} from "@nestjs/common";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";

import { type PayiModuleExtras } from "../src/index.ts";
import { type Model, PLATFORMS, run, startModel } from "./support.ts";

let model: Model;
beforeAll(async () => {
  model = await startModel();
});
afterAll(() => model[Symbol.asyncDispose]());

@Injectable()
class AskingGuard implements CanActivate {
  async canActivate(): Promise<boolean> {
    await model.ask();
    return true;
  }
}

@Controller("trails")
class Chosen {
  @Get()
  async root(): Promise<string> {
    return model.ask();
  }

  @Get("plain/:id")
  async plain(): Promise<string> {
    return model.ask();
  }

  @Get("skipped")
  async skipped(): Promise<string> {
    return model.ask();
  }
}

@Controller("guarded")
@UseGuards(AskingGuard)
class Guarded {
  @Get()
  async asks(): Promise<string> {
    return model.ask();
  }
}

function nothing(): void {
  // What Nest says of its own start.
}

describe.each(PLATFORMS)("on %s", (_name, adapter) => {
  test.for<[what: string, middleware: PayiModuleExtras["middleware"]]>([
    ["excluded by its path", { exclude: ["trails/skipped"] }],
    ["excluded by path and method", { exclude: [{ path: "trails/skipped", method: RequestMethod.GET }] }],
    ["not among the chosen ones", { forRoutes: ["trails/plain/:id"] }],
  ])("a route that is %s was tracked by the interceptor", async ([, middleware]) => {
    await using on = await run(model, {
      controllers: [Chosen],
      adapter,
      middleware,
      payi: { useCaseName: "chosen" },
    });
    const ids = [];
    for (const path of ["trails/skipped", "trails/plain/17"]) {
      const response = await fetch(`${on.url}/${path}`);
      expect(await response.text()).toMatch(/^msg_/);
      ids.push(response.headers.get("x-payi-use-case-id"));
    }
    const events = await on.recorder.events();
    expect(events.map(({ useCaseName }) => useCaseName)).toEqual(["tests", "chosen"]);
    expect(ids).toEqual([null, events[1]?.useCaseId]);
  });

  test("with a global prefix every route is tracked, and Nest warned of ours", async () => {
    const warn = vi.fn<(...message: unknown[]) => void>();
    await using on = await run(model, {
      controllers: [Chosen],
      adapter,
      prepare(app) {
        app.useLogger({ log: nothing, error: warn, warn });
        app.setGlobalPrefix("api", { exclude: ["trails/skipped"] });
      },
    });
    Logger.overrideLogger(false);
    const ids = [];
    for (const path of ["api/trails/plain/17", "api/trails", "trails/skipped"]) {
      const response = await fetch(`${on.url}/${path}?near=Moab`);
      expect(await response.text()).toMatch(/^msg_/);
      ids.push(response.headers.get("x-payi-use-case-id"));
    }
    const events = await on.recorder.events();
    expect(events.map(({ useCaseId }) => useCaseId)).toEqual(ids);
    expect(warn.mock.calls).toEqual([]);
  });

  test("what a guard called had another name, user and limits than the options said of every request", async () => {
    const payi = { useCaseName: "chat", userId: "jane", accountName: "acme", limitIds: ["daily"] };
    await using on = await run(model, { controllers: [Guarded], providers: [AskingGuard], adapter, payi });
    const response = await fetch(`${on.url}/guarded`);
    const useCaseId = response.headers.get("x-payi-use-case-id");
    expect(await response.text()).toMatch(/^msg_/);
    const { useCaseName, ...values } = payi;
    const expected = { useCaseName, useCaseId, ...values };
    expect(await on.recorder.events()).toMatchObject([expected, expected]);
  });

  test("what a guard called belongs to the instance that its handler names", async () => {
    const userId = async (): Promise<string> => "jane";
    await using on = await run(model, {
      controllers: [Guarded],
      providers: [AskingGuard],
      adapter,
      payi: { userId },
    });
    await (await fetch(`${on.url}/guarded`)).text();
    const [guard, handler] = await on.recorder.events();
    expect([guard?.userId, handler?.userId, handler?.useCaseName]).toEqual([
      undefined,
      "jane",
      "Guarded.asks",
    ]);
    expect(guard?.useCaseId).toBe(handler?.useCaseId);
    expect(await on.scores("success", 1)).toMatchObject([{ useCaseName: "Guarded.asks" }]);
  });
});
