/**
 * One contestant of the `nestjs` suite, alone in its process: `plain|ask bare|hooks|core|payi <calls>`; `hooks` is a middleware
 * and an interceptor that do nothing, which is what Nest itself takes for having any. A request over loopback to
 * a handler that answers at once, or asks a model first; model and platform are answered in process. It stands here, since
 * only here Nest is the very copy that the adapter imports.
 */
import "reflect-metadata";
import { Agent, get } from "node:http";
import { type AddressInfo } from "node:net";

import {
  Controller,
  Get,
  type MiddlewareConsumer,
  Module,
  type NestInterceptor,
  type NestModule,
} from "@nestjs/common";
import { APP_INTERCEPTOR, NestFactory } from "@nestjs/core";
import { createClient, flush, payiInstrument } from "@payi/core";
import { PayiModule } from "@payi/nestjs";
import { Observable } from "rxjs";

import { MESSAGES, installStub, measure } from "../../../bench/sdk-stub.ts";

const [kind, contestant, callsText] = process.argv.slice(2);

installStub("json");
const payi = createClient({ apiKey: "k", baseUrl: "http://127.0.0.1:4470" });
if (contestant === "core") payiInstrument({ payi });
const imports = contestant === "payi" ? [PayiModule.forRoot({ payi, accountName: "acme" })] : [];
const idle: NestInterceptor = {
  // As every interceptor that has something to do at the end of a handler.
  intercept: (_context, next) => new Observable((subscriber) => next.handle().subscribe(subscriber)),
};
const providers = contestant === "hooks" ? [{ provide: APP_INTERCEPTOR, useValue: idle }] : [];
const question = { method: "POST", body: JSON.stringify({ model: "gpt-5", messages: MESSAGES }) };

class Chat {
  plain(): string {
    return "ok";
  }

  async ask(): Promise<string> {
    const answer = await fetch("https://api.openai.com/v1/chat/completions", question);
    return ((await answer.json()) as { id: string }).id;
  }
}

// As functions: Node runs this file without a compiler.
for (const name of ["plain", "ask"]) {
  const descriptor = Object.getOwnPropertyDescriptor(Chat.prototype, name);
  if (descriptor !== undefined) Get(name)(Chat.prototype, name, descriptor);
}
Controller()(Chat);

class AppModule implements NestModule {
  configure(consumer: MiddlewareConsumer): void {
    if (contestant !== "hooks") return;
    consumer.apply((_request: unknown, _response: unknown, next: () => void) => next()).forRoutes("*");
  }
}
Module({ imports, providers, controllers: [Chat] })(AppModule);

const app = await NestFactory.create(AppModule, { logger: false });
await app.listen(0, "127.0.0.1");
const { port } = (app.getHttpServer() as { address(): AddressInfo }).address();
const agent = new Agent({ keepAlive: true });

function call(): Promise<void> {
  return new Promise((resolve, reject) => {
    get({ port, host: "127.0.0.1", path: `/${kind}`, agent }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`The application answered ${response.statusCode}.`));
      response.resume().once("end", resolve);
    }).once("error", reject);
  });
}

const reports = kind === "ask" && (contestant === "core" || contestant === "payi");
await measure(Number(callsText), call, () => flush({ timeoutMs: 30_000 }), reports);
agent.destroy();
await app.close();
