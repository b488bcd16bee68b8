import {
  type ArgumentsHost,
  Controller,
  type ExecutionContext,
  type HttpServer,
  Inject,
  Injectable,
  Param,
  Post,
} from "@nestjs/common";
import { BaseExceptionFilter, HttpAdapterHost } from "@nestjs/core";
import { Test } from "@nestjs/testing";
import { close } from "@payi/core";

import { type ContractTask, type Handled, adapterContract } from "../../core/test/adapter-contract.ts";
import { type ContractHouse, sdkModel } from "../../core/test/contract-house.ts";
import { type InstanceHandle, PayiInstance, PayiModule, Track } from "../src/index.ts";
import { PLATFORMS } from "./support.ts";

const HOUSE = Symbol("house");
const TASKS = Symbol("tasks");

/** Nest's own filter, which remembers what it was given. */
class NotingFilter extends BaseExceptionFilter {
  readonly #errors: Map<string, unknown>;

  constructor(errors: Map<string, unknown>, adapter: HttpServer) {
    super(adapter);
    this.#errors = errors;
  }

  override catch(error: unknown, host: ArgumentsHost): void {
    this.#errors.set(host.switchToHttp().getRequest<{ url: string }>().url, error);
    // oxlint-disable-next-line promise/valid-params, promise/no-promise-in-callback
    super.catch(error, host);
  }
}

@Injectable()
class Work {
  readonly #house: ContractHouse;

  constructor(@Inject(HOUSE) house: ContractHouse) {
    this.#house = house;
  }

  async plain(task: ContractTask, signal: AbortSignal | undefined): Promise<void> {
    await task.work(sdkModel(this.#house, signal));
  }

  @Track("contract_case")
  async tracked(task: ContractTask, signal: AbortSignal | undefined): Promise<void> {
    await this.plain(task, signal);
  }
}

@Controller("task")
class WorkController {
  readonly #work: Work;
  readonly #tasks: ReadonlyMap<string, ContractTask>;

  constructor(@Inject(Work) work: Work, @Inject(TASKS) tasks: ReadonlyMap<string, ContractTask>) {
    this.#work = work;
    this.#tasks = tasks;
  }

  @Post("plain/:key")
  async plain(@Param("key") key: string, @PayiInstance() instance?: InstanceHandle): Promise<void> {
    await this.#work.plain(this.#tasks.get(key)!, instance?.signal);
  }

  @Post("tracked/:key")
  @Track("contract_case")
  async tracked(@Param("key") key: string, @PayiInstance() instance?: InstanceHandle): Promise<void> {
    await this.#work.tracked(this.#tasks.get(key)!, instance?.signal);
  }
}

/** On the oldest Nest one platform is enough here: http.test.ts has both. */
const platforms = process.env["PAYI_TEST_NEST"] === "10" ? PLATFORMS.slice(0, 1) : PLATFORMS;

for (const [platform, createAdapter] of platforms) {
  adapterContract(`@payi/nestjs on ${platform}`, {
    reportsCalls: false,
    enclosesWork: true,
    async start(house, { useCaseName, layers, failingResolver }) {
      const tasks = new Map<string, ContractTask>();
      const errors = new Map<string, unknown>();
      const payi = PayiModule.forRoot({
        useCaseName,
        userId(context: ExecutionContext) {
          if (failingResolver) throw new Error("no session");
          return context.switchToHttp().getRequest<{ headers: Record<string, string> }>().headers["x-user"];
        },
      });
      const module = await Test.createTestingModule({
        imports: layers === "transport" ? [] : [payi],
        controllers: [WorkController],
        providers: [Work, { provide: HOUSE, useValue: house }, { provide: TASKS, useValue: tasks }],
      }).compile();
      const app = module.createNestApplication(createAdapter(), { logger: false });
      app.useGlobalFilters(new NotingFilter(errors, app.get(HttpAdapterHost).httpAdapter));
      await app.listen(0, "127.0.0.1");
      const url = await app.getUrl();
      const closeApp = async (): Promise<void> => {
        (app.getHttpServer() as { closeAllConnections(): void }).closeAllConnections();
        await app.close();
      };
      return {
        async handle(task): Promise<Handled> {
          const key = String(tasks.size);
          tasks.set(key, task);
          const { signal } = task;
          const path = `/task/${layers === "nested" ? "tracked" : "plain"}/${key}`;
          try {
            const response = await fetch(url + path, {
              method: "POST",
              headers: { "x-user": task.userId },
              signal,
            });
            const body = await response.text();
            if (response.ok) return { ending: "answered" };
            if (response.status !== 429) return { ending: "failed", error: errors.get(path) };
            return { ending: "refused", limitIds: (JSON.parse(body) as { limitIds: string[] }).limitIds };
          } catch {
            return { ending: "left" };
          }
        },
        shutDown: () => (layers === "transport" ? close({ timeoutMs: 30_000 }) : closeApp()),
        [Symbol.asyncDispose]: closeApp,
      };
    },
  });
}
