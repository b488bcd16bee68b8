/** Messages over TCP and sockets: no middleware, so that the interceptor opens and ends their instances. */
import {
  type ArgumentsHost,
  Catch,
  Controller,
  UseFilters,
  UseInterceptors,
  type WsExceptionFilter,
} from "@nestjs/common";
import { ExecutionContextHost } from "@nestjs/core/helpers/execution-context-host.js";
import {
  type ClientProxy,
  ClientProxyFactory,
  MessagePattern,
  Payload,
  Transport,
} from "@nestjs/microservices";
import { WsAdapter } from "@nestjs/platform-ws";
import { MessageBody, SubscribeMessage, WebSocketGateway, WsException } from "@nestjs/websockets";
import { LimitExceededError } from "@payi/core";
import { type Observable, Subject, concatMap, firstValueFrom, from, lastValueFrom, toArray } from "rxjs";
import { afterAll, beforeAll, expect, test } from "vitest";

import { type InstanceHandle, PayiInstance, PayiInterceptor, SkipTracking, Track } from "../src/index.ts";
import { findOpenRequest } from "../src/open-request.ts";
import { type Model, type Running, run, startModel } from "./support.ts";

const source = new Subject<string>();

@Controller()
class Messages {
  @MessagePattern("search")
  @Track({ useCaseName: "trail_finder", userId: ({ args }) => String(args[0]) })
  async search(@Payload() user: string, @PayiInstance() instance: InstanceHandle): Promise<string> {
    instance.recordKpi("asked", true);
    await model.ask();
    return `${user}:${instance.id}`;
  }

  @MessagePattern("refused")
  refused(): never {
    throw new LimitExceededError({ limitIds: ["daily"], max: "10" });
  }

  @MessagePattern("stream")
  stream(): Observable<string> {
    return from([1, 2]).pipe(concatMap(() => model.ask()));
  }

  @MessagePattern("endless")
  endless(@PayiInstance() instance: InstanceHandle | undefined): Observable<string> {
    instance?.recordKpi("asked", true);
    return source;
  }

  @MessagePattern("skipped")
  @SkipTracking()
  async skipped(): Promise<string> {
    return model.ask();
  }
}

/** Nest 10 tells exceptions to clients of socket.io alone. */
@Catch(WsException)
class ToSocket implements WsExceptionFilter<WsException> {
  catch(exception: WsException, host: ArgumentsHost): void {
    const client = host.switchToWs().getClient<{ send(text: string): void }>();
    client.send(JSON.stringify({ event: "exception", data: exception.getError() }));
  }
}

/** Nest 10 knows no global interceptors for gateways; newer ones run this one a second time. */
@WebSocketGateway({ path: "/socket" })
@UseInterceptors(PayiInterceptor)
class Socket {
  @SubscribeMessage("search")
  async search(@MessageBody() near: string): Promise<object> {
    await model.ask();
    return { event: "found", data: near };
  }

  @SubscribeMessage("refused")
  @UseFilters(ToSocket)
  refused(): never {
    throw new LimitExceededError({ limitIds: ["daily"], max: "10" });
  }
}

let model: Model;
let on: Running;
let client: ClientProxy;

beforeAll(async () => {
  model = await startModel();
  on = await run(model, {
    controllers: [Messages],
    providers: [Socket],
    payi: { kpis: { aborted: true }, accountName: "acme" },
    async prepare(app) {
      app.useWebSocketAdapter(new WsAdapter(app));
      const microservice = app.connectMicroservice(
        { transport: Transport.TCP, options: { host: "127.0.0.1", port: 0 } },
        { inheritAppConfig: true },
      );
      await app.startAllMicroservices();
      const { port } = addressOf(microservice);
      client = ClientProxyFactory.create({
        transport: Transport.TCP,
        options: { host: "127.0.0.1", port },
      });
    },
  });
});

afterAll(async () => {
  await client.close();
  await on[Symbol.asyncDispose]();
  await model[Symbol.asyncDispose]();
});

/** The port that the TCP transport was given: its server is behind fields that the types do not tell. */
function addressOf(microservice: object): { port: number } {
  const transport = Reflect.get(microservice, "serverInstance") ?? Reflect.get(microservice, "server");
  const server = Reflect.get(transport as object, "server") as { address(): { port: number } };
  return server.address();
}

async function ask(event: string, data: string): Promise<unknown> {
  const socket = new WebSocket(`${on.url.replace("http", "ws")}/socket`);
  const answer = new Promise<unknown>((resolve, reject) => {
    socket.addEventListener("message", (message) => resolve(JSON.parse(message.data as string)));
    socket.addEventListener("error", () => reject(new Error("the socket failed")));
  });
  socket.addEventListener("open", () => socket.send(JSON.stringify({ event, data })));
  try {
    return await answer;
  } finally {
    socket.close();
  }
}

test("a message is an instance, named by @Track, which ends with its result", async () => {
  await on.recorder.clear();
  const answer = await firstValueFrom(client.send<string>("search", "jane"));
  const [user, useCaseId] = answer.split(":");
  expect(await on.scores("success", 1)).toMatchObject([
    { useCaseName: "trail_finder", useCaseId, score: true },
  ]);
  expect(await on.recorder.events()).toMatchObject([
    { useCaseName: "trail_finder", useCaseId, userId: user, accountName: "acme" },
  ]);
});

test("a refused message is answered with the problem, without amounts", async () => {
  await on.recorder.clear();
  const refused = lastValueFrom(client.send("refused", ""));
  const problem: unknown = await refused.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(problem).toMatchObject({ code: "payi_limit_exceeded", limitIds: ["daily"] });
  expect(JSON.stringify(problem)).not.toContain("10");
  expect(await on.scores("success", 1)).toMatchObject([{ useCaseName: "Messages.refused", score: false }]);
});

test("a message answered in parts ends with the last one", async () => {
  await on.recorder.clear();
  expect(await firstValueFrom(client.send<string>("stream", "").pipe(toArray()))).toHaveLength(2);
  const scores = await on.scores("success", 1);
  expect(scores).toMatchObject([{ useCaseName: "Messages.stream", score: true }]);
  const events = await on.recorder.events();
  expect(events.map(({ useCaseId }) => useCaseId)).toEqual([scores[0]?.useCaseId, scores[0]?.useCaseId]);
});

test("whoever unsubscribes ends the handler's observable and the instance, as aborted", async () => {
  await on.recorder.clear();
  const context = new ExecutionContextHost([], Messages, function endless() {
    // Only its name counts.
  });
  context.setType("rpc");
  const answers = on.app.get(PayiInterceptor).intercept(context, {
    handle: () => on.app.get(Messages).endless(findOpenRequest(context)?.handle),
  });
  answers.subscribe().unsubscribe();
  expect(source.observed).toBe(false);
  expect(await on.scores("aborted", 1)).toMatchObject([{ useCaseName: "Messages.endless", score: true }]);
});

test("a skipped message has no instance", async () => {
  await on.recorder.clear();
  await firstValueFrom(client.send("skipped", ""));
  const events = await on.recorder.events();
  expect(events.map(({ useCaseName }) => useCaseName)).toEqual(["tests"]);
  expect(await on.recorder.scores()).toEqual([]);
});

test("a message on a socket is an instance, and a refusal an exception event", async () => {
  await on.recorder.clear();
  expect(await ask("search", "Moab")).toEqual({ event: "found", data: "Moab" });
  expect(await on.scores("success", 1)).toMatchObject([{ useCaseName: "Socket.search", score: true }]);
  expect(await ask("refused", "")).toMatchObject({
    event: "exception",
    data: { code: "payi_limit_exceeded", limitIds: ["daily"] },
  });
});
