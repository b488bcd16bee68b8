import { createServer } from "node:http";
import { fileURLToPath } from "node:url";

/** Trailblazer: an Express app whose every search is metered by Payi. Run as a program it listens on TRAILBLAZER_PORT. */
import { Anthropic } from "@anthropic-ai/sdk";
import { close, payiInstrument } from "@payi/core";
import { limitErrors, trackRequests, trackUseCase } from "@payi/express";
import { followParent } from "@payi/server/process";
import express, { type Express, type Request } from "express";
import { OpenAI } from "openai";

import { Judge, readJudgeModel } from "./judge/judge.ts";
import { PEOPLE, type Person, findPerson } from "./people.ts";
import { isMain } from "./process/is-main.ts";
import { listen, readPort } from "./process/listen.ts";
import { answerErrors } from "./provider-failure.ts";
import { availableModels } from "./providers.ts";
import { type AdminOptions, administer } from "./routes/admin.ts";
import { rateSearch } from "./routes/feedback.ts";
import { analyzePhotos } from "./routes/photos.ts";
import { parseTrip, planTrip, tripProperties } from "./routes/plan.ts";
import { parseSearch, searchProperties, searchTrails } from "./routes/search.ts";
import { showVerdict } from "./routes/verdict.ts";
import { forwardFaults, isSimulated, simulatedPrices } from "./simulated-providers.ts";
import { areaNames } from "./trail-guide.ts";
import { SEARCH_MODELS } from "./trail-search.ts";

export interface TrailblazerOptions extends AdminOptions {
  /** Where the page's links to the dashboard go. */
  readonly dashboardUrl: string;
  /** Providers are simulated: the page offers to make them fail. */
  readonly simulated: boolean;
}

/** The app, ready to listen. `payiInstrument()` is the caller's: once per process, before the first provider client. */
export function createTrailblazer(options: TrailblazerOptions): Express {
  const app = express();
  app.disable("x-powered-by");
  app.use((_request, response, next) => {
    response.set("content-security-policy", "default-src 'self'; img-src 'self' blob:");
    next();
  });
  app.use(express.static(PAGE, { extensions: ["html"] }));
  // Nest brings tracking and body parsing of its own.
  app.all("/api/photos/analyze", analyzePhotos(options));
  app.use(express.json());

  app.use(
    trackRequests({
      userId: (request) => personOf(request)?.id,
      accountName: (request) => personOf(request)?.account,
      // The page shows what each answer has cost. Where customers read your answers, leave it off.
      exposeCost: true,
    }),
  );
  app.post(
    "/api/trails/search",
    parseSearch,
    trackUseCase("trail_finder", { useCaseProperties: searchProperties }),
    searchTrails(options),
  );
  app.post(
    "/api/trips/plan",
    parseTrip,
    trackUseCase("trail_planner", { useCaseProperties: tripProperties }),
    planTrip(options),
  );
  app.post("/api/trails/feedback", rateSearch);
  app.get("/api/verdicts/:useCaseId", showVerdict(options));
  app.use("/api/admin", administer(options));
  app.get("/api/settings", (_request, response) => {
    const { providers, dashboardUrl, simulated } = options;
    const models = availableModels(providers, SEARCH_MODELS);
    response.json({ people: PEOPLE, places: areaNames(), models, dashboardUrl, simulated });
  });
  app.get("/healthz", (_request, response) => void response.json({ status: "ok" }));

  app.use(limitErrors());
  app.use(answerErrors);
  return app;
}

const PAGE = fileURLToPath(new URL("../src/page/", import.meta.url));

function personOf(request: Request): Person | undefined {
  return findPerson((name) => request.get(name));
}

if (isMain(import.meta.url)) {
  try {
    const { client } = payiInstrument({ config: isSimulated() ? simulatedPrices() : {} });
    const providers = {
      anthropic: process.env["ANTHROPIC_API_KEY"] ? new Anthropic() : undefined,
      openai: process.env["OPENAI_API_KEY"] ? new OpenAI() : undefined,
    };
    const judge = new Judge(providers, readJudgeModel(providers, process.env["TRAILBLAZER_JUDGE"]));
    const app = createTrailblazer({
      providers,
      judge,
      platform: client,
      forwardHeaders: forwardFaults,
      dashboardUrl: process.env["PAYI_BASE_URL"] ?? "http://localhost:4470",
      simulated: isSimulated(),
    });
    const server = createServer(app);
    const url = await listen(server, readPort("TRAILBLAZER_PORT", 4471), "TRAILBLAZER_PORT");
    console.log(`Trailblazer on ${url}`);
    const stop = async (): Promise<void> => {
      server.close();
      server.closeAllConnections();
      await judge.close();
      // What was measured and not yet delivered goes out before the process does.
      await close();
    };
    process.once("SIGINT", () => void stop()).once("SIGTERM", () => void stop());
    followParent(() => void stop());
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
