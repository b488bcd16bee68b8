import { type PayiClient } from "@payi/core";
import { type Request, type RequestHandler, Router } from "express";

import { USE_CASES } from "../admin/definitions.ts";
import { freePeople, limitPeople, listLimits, readUsd } from "../admin/limits.ts";
import { runSetup } from "../admin/run-setup.ts";
import { readChoice, readFields } from "../input.ts";
import { JUDGE_MODELS } from "../judge/judge.ts";
import { findPerson } from "../people.ts";
import { availableModels } from "../providers.ts";
import { type FeatureOptions } from "./feature-options.ts";

export interface AdminOptions extends FeatureOptions {
  /** The platform's REST client. */
  readonly platform: PayiClient;
}

/**
 * The admin page's routes: `GET /`, `POST /setup`, `PUT` and `DELETE /daily-limit`, `PUT /judge`. Each answers with how
 * things stand afterwards; 403 for whoever is no administrator.
 */
export function administer({ platform, providers, judge }: AdminOptions): Router {
  const models = availableModels(providers, JUDGE_MODELS);
  const show = async (report?: unknown): Promise<object> => ({
    useCases: USE_CASES,
    limits: await listLimits(platform),
    judge: { model: judge.model ?? "off", models: [...models, "off"] },
    ...(report === undefined ? {} : { report }),
  });
  const routes = Router();
  routes.use(requireAdministrator);
  routes.get("/", async (_request, response) => void response.json(await show()));
  routes.put("/judge", async (request, response) => {
    const model = readChoice(readFields(request.body)["model"], "model", [...models, "off"] as const);
    judge.model = model === "off" ? undefined : model;
    response.json(await show());
  });
  routes.post("/setup", async (_request, response) => {
    response.json(await show(await runSetup(platform)));
  });
  routes.put("/daily-limit", async (request, response) => {
    await limitPeople(platform, readUsd(readFields(request.body)["usd"]));
    response.json(await show());
  });
  routes.delete("/daily-limit", async (_request, response) => {
    await freePeople(platform);
    response.json(await show());
  });
  return routes;
}

const requireAdministrator: RequestHandler = function requireAdministrator(request: Request, response, next) {
  if (findPerson((name) => request.get(name))?.administrator === true) next();
  else {
    const problem = { status: 403, title: "Only administrators may do that", detail: "Jane Park is one." };
    response.status(403).type("application/problem+json").send(JSON.stringify(problem));
  }
};
