import express, { type RequestHandler, type Router } from "express";
import { describe, expect, test } from "vitest";

import { trackRequests } from "../src/index.ts";
import { listen } from "./support.ts";
import { VERSIONS } from "./versions.ts";

type Framework = typeof express;
type App = ReturnType<Framework>;

const tell: RequestHandler = (request, response) => void response.json(request.payi?.name);
const fail: RequestHandler = (_request, _response, next) => next(new Error("boom"));
const pass: RequestHandler = (_request, _response, next) => next();

/** Mounts a router with one route, which tells its name. */
function mount(app: Router, framework: Framework, at: string | RegExp | (string | RegExp)[]): void {
  const router = framework.Router();
  router.get("/trails/:trail", tell);
  app.use(at as string, router);
}

/** What an application has, what is asked of it, and the name. */
const NAMES: [string, (app: App, framework: Framework) => void, string, string][] = [
  [
    "a router on a parameter",
    (app, framework) => mount(app, framework, "/users/:userId"),
    "/users/jane%40acme.com/trails/7?near=Moab",
    "GET_users_userId_trails_trail",
  ],
  [
    "a parameter whose value is a part of the pattern, too",
    (app, framework) => mount(app, framework, "/users/:userId"),
    "/users/users/trails/users",
    "GET_users_userId_trails_trail",
  ],
  [
    "a router that merges the parameters of its mount",
    (app, framework) => {
      const router = framework.Router({ mergeParams: true });
      router.get("/", tell);
      app.use("/users/:userId", router);
    },
    "/users/jane",
    "GET_users_userId",
  ],
  [
    "routers in routers, with encoded values",
    (app, framework) => {
      const [organisation, plans] = [framework.Router(), framework.Router()];
      mount(plans, framework, "/:plan");
      organisation.use(plans);
      app.use("/api/:organisation", pass, organisation);
    },
    "/api/acme%2Finc/%E4%BD%A0%20%E5%A5%BD/trails/7",
    "GET_api_organisation_plan_trails_trail",
  ],
  [
    "several parameters in one segment",
    (app, framework) => mount(app, framework, "/v1.0/:from-:to.json"),
    "/v1.0/SFO-LAX.json/trails/7",
    "GET_v1.0_from-_to.json_trails_trail",
  ],
  [
    "a router on several paths",
    (app, framework) => mount(app, framework, ["/teams/:team", "/users/:userId"]),
    "/users/jane/trails/7",
    "GET_users_userId_trails_trail",
  ],
  [
    "one router in two places",
    (app, framework) => {
      const router = framework.Router();
      router.get("/trails", tell);
      app.use("/teams/:team", router);
      app.use("/users/:userId", router);
    },
    "/users/jane/trails",
    "GET_users_userId_trails",
  ],
  [
    "an application in an application",
    (app, framework) => {
      const inner = framework();
      mount(inner, framework, "/users/:userId");
      app.use("/teams/:team", inner);
    },
    "/teams/red/users/jane/trails/7",
    "GET_teams_team_users_userId_trails_trail",
  ],
  [
    "a path that a middleware rewrote",
    (app, framework) => {
      app.use((request, _response, next) => {
        request.url = request.url.replace("/de/", "/");
        next();
      });
      mount(app, framework, "/users/:userId");
    },
    "/de/users/jane/trails/7",
    "GET_users_userId_trails_trail",
  ],
  [
    "a router that a function calls",
    (app, framework) => {
      const router = framework.Router();
      router.get("/trails", tell);
      app.use("/users/:userId", pass, (request, response, next) => router(request, response, next));
    },
    "/users/jane/trails",
    "GET_users_userId_trails",
  ],
  [
    "a router that a function calls, on a path of which two patterns are known",
    (app, framework) => {
      const router = framework.Router();
      router.get("/trails", tell);
      app.use("/users/jane", pass);
      app.use("/users/:userId", (request, response, next) => router(request, response, next));
    },
    "/users/jane/trails",
    "GET_trails",
  ],
  [
    "a regular expression",
    (app) => {
      app.get(/^\/trails(\d+)$/, tell);
      app.get(/^\/camps(\d+)$/, tell);
    },
    "/camps55",
    "GET_camps_d",
  ],
  [
    "one of several paths",
    (app) => app.get(["/trails/:trail", "/camps/:camp"], tell),
    "/camps/9",
    "GET_camps_camp",
  ],
  [
    "an error that the application itself handles",
    (app, framework) => {
      const router = framework.Router();
      router.get("/trails/:trail", fail);
      app.use("/users/:userId", router);
      app.use(((_error, request, response, next) =>
        tell(request, response, next)) as express.ErrorRequestHandler);
    },
    "/users/jane/trails/7",
    "GET_users_userId_trails_trail",
  ],
];

/** As the routers 2.0 to 2.2 are, which do not tell their patterns. */
function forgetPatterns({ stack }: { stack: { rawPath?: unknown; handle?: unknown }[] }): void {
  for (const layer of stack) {
    delete layer.rawPath;
    if (typeof layer.handle === "function" && "stack" in layer.handle) forgetPatterns(layer.handle as never);
  }
}

const FRAMEWORKS: [string, Framework, boolean][] = [
  ...Object.entries(VERSIONS).map(([version, framework]): [string, Framework, boolean] => [
    version,
    framework,
    false,
  ]),
  ["5 with a router that keeps its patterns to itself", express, true],
];

describe.for(FRAMEWORKS)(
  "a route of Express %s is named after its pattern, never the path:",
  ([, framework, silent]) => {
    async function nameOf(setUp: (app: App, framework: Framework) => void, path: string): Promise<unknown> {
      const app = framework();
      app.use(trackRequests());
      setUp(app, framework);
      if (silent) forgetPatterns(app.router as never);
      await using server = await listen(app);
      return (await fetch(server.url + path)).json();
    }

    test.for(NAMES)("%s", async ([, setUp, path, name]) => {
      expect(await nameOf(setUp, path)).toBe(name);
    });

    test("a router on a regular expression", async () => {
      const name = await nameOf((app, { Router }) => {
        const router = Router();
        router.get("/trails", tell);
        app.use(/^\/users\/\w+/, router);
      }, "/users/jane/trails");
      expect(name).toBe(silent ? "GET_trails" : "GET_users_w_trails");
    });
  },
);

test("a KPI that is recorded once the application is through still finds the route's name", async () => {
  const names: unknown[] = [];
  const app = express();
  app.use(trackRequests());
  app.get("/trails/:trail", pass);
  await using server = await listen((request, response) => {
    app(request as never, response as never, () => {
      // Express has taken back `baseUrl` by now: the name was `GET_undefined_trails_trail`.
      names.push((request as express.Request).payi?.name);
      response.end();
    });
  });
  await (await fetch(`${server.url}/trails/7`)).text();
  expect(names).toEqual(["GET_trails_trail"]);
});
