/** The photo analysis: a Nest application beside the Express one. Loaded with the first photo. */
import "reflect-metadata";
import { type RequestListener } from "node:http";

import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  type ExecutionContext,
  HttpException,
  Module,
} from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import { ExpressAdapter } from "@nestjs/platform-express";
import { PayiModule } from "@payi/nestjs";
import { type Request, type Response } from "express";

import { type Person, findPerson } from "../people.ts";
import { sendFailure } from "../provider-failure.ts";
import { type FeatureOptions } from "../routes/feature-options.ts";
import { FEATURE_OPTIONS, PhotosController } from "./photos-controller.ts";

/** Answers failures as the Express application does. A refusal of a limit comes as an exception with its answer in it. */
@Catch()
class FailureFilter implements ExceptionFilter {
  catch(error: unknown, host: ArgumentsHost): void {
    const response = host.switchToHttp().getResponse<Response>();
    if (!(error instanceof HttpException)) {
      sendFailure(error, response);
      return;
    }
    const status = error.getStatus();
    const answer = error.getResponse();
    const problem =
      typeof answer === "object" && "title" in answer ? answer : { status, title: error.message };
    response.status(status).type("application/problem+json").send(JSON.stringify(problem));
  }
}

@Module({})
class PhotosModule {}

/** Resolves when the application is ready. It listens nowhere itself: the port is Express's. */
export async function createPhotosApp(options: FeatureOptions): Promise<RequestListener> {
  const module = {
    module: PhotosModule,
    imports: [
      PayiModule.forRoot({
        userId: (context) => personOf(context)?.id,
        accountName: (context) => personOf(context)?.account,
        exposeCost: true,
      }),
    ],
    controllers: [PhotosController],
    providers: [{ provide: FEATURE_OPTIONS, useValue: options }],
  };
  const adapter = new ExpressAdapter();
  adapter.disable("x-powered-by");
  const app = await NestFactory.create(module, adapter, { logger: ["error", "warn"], abortOnError: false });
  app.useGlobalFilters(new FailureFilter());
  await app.init();
  return adapter.getInstance<RequestListener>();
}

function personOf(context: ExecutionContext): Person | undefined {
  const request = context.switchToHttp().getRequest<Request>();
  return findPerson((name) => request.get(name));
}
