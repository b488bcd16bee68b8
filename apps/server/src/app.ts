import cookies from "@fastify/cookie";
import { type PriceBook } from "@payi/core/cost";
import Fastify, { type FastifyInstance, LogController, type RouteOptions } from "fastify";

import { type ClickHouseClient, CopyRunner, SumsReader } from "./clickhouse/index.ts";
import { type AlertSettings, createAlerts } from "./domain/alerts/alerts.ts";
import { Counters } from "./domain/counters.ts";
import { HoldSweeper } from "./domain/hold-sweeper.ts";
import { LimitVersions } from "./domain/limit-versions.ts";
import { OutcomeRunner } from "./domain/outcome-runner.ts";
import { type FeedSettings, PriceFeed } from "./domain/price-feed.ts";
import { openPrices } from "./domain/prices.ts";
import { RepriceRunner } from "./domain/reprice-runner.ts";
import { RetentionRunner } from "./domain/retention-runner.ts";
import { registerApiDocument } from "./http/api/document.ts";
import { registerAuth } from "./http/auth.ts";
import { Callers } from "./http/callers.ts";
import { handleClientError } from "./http/client-error.ts";
import { registerContextHeaders } from "./http/context-headers.ts";
import { dashboardDirectory, registerDashboard } from "./http/dashboard-files.ts";
import { registerEndOfConnections } from "./http/end-connections.ts";
import { handleError } from "./http/errors.ts";
import { registerIdempotency } from "./http/idempotency.ts";
import { registerJsonBodies } from "./http/json-body.ts";
import { registerLimitsVersion } from "./http/limits-version.ts";
import { IdentityProvider, type OidcSettings } from "./http/oidc.ts";
import { OwnOrigin } from "./http/own-origin.ts";
import { registerPathParameters } from "./http/path-parameters.ts";
import { DEFAULT_PATIENCE, type Patience } from "./http/patience.ts";
import { DEFAULT_RATES, type Rates, registerRates } from "./http/rates.ts";
import { registerSecurityHeaders } from "./http/security-headers.ts";
import { sessionCookie } from "./http/session-cookie.ts";
import { newId } from "./new-id.ts";
import { registerAlerts } from "./routes/alerts.ts";
import { registerAnalyticsLists } from "./routes/analytics-lists.ts";
import { registerAnalytics } from "./routes/analytics.ts";
import { registerApplications } from "./routes/applications.ts";
import { registerAudit } from "./routes/audit.ts";
import { registerCategories } from "./routes/categories.ts";
import { registerCopilot } from "./routes/copilot.ts";
import { registerDbuPrices } from "./routes/dbu-prices.ts";
import { registerDemo } from "./routes/demo.ts";
import { registerDocuments } from "./routes/documents.ts";
import { registerEventStream } from "./routes/event-stream.ts";
import { registerGuard } from "./routes/guard.ts";
import { registerHealth } from "./routes/health.ts";
import { registerHolds } from "./routes/holds.ts";
import { registerIdentityProvider } from "./routes/identity-provider.ts";
import { registerIngest } from "./routes/ingest.ts";
import { registerInstances } from "./routes/instances.ts";
import { registerKeys } from "./routes/keys.ts";
import { registerKpis } from "./routes/kpis.ts";
import { registerLeases } from "./routes/leases.ts";
import { registerLimitWindows } from "./routes/limit-windows.ts";
import { registerLimits } from "./routes/limits.ts";
import { registerMembers } from "./routes/members.ts";
import { registerMetrics } from "./routes/metrics.ts";
import { registerPriceBooks } from "./routes/price-books.ts";
import { registerReports } from "./routes/reports.ts";
import { registerReprice } from "./routes/reprice.ts";
import { registerRequests } from "./routes/requests.ts";
import { registerScores } from "./routes/scores.ts";
import { registerSettings } from "./routes/settings.ts";
import { registerSignIn } from "./routes/sign-in.ts";
import { registerUnpriced } from "./routes/unpriced.ts";
import { registerUseCases } from "./routes/use-cases.ts";
import { registerUsers } from "./routes/users.ts";
import { registerValuePolicies } from "./routes/value-policies.ts";
import { registerValue } from "./routes/value.ts";
import { type Store } from "./store/store.ts";

const BODY_LIMIT = 16 * 1024 * 1024;
const HEADER_LIMIT = 32 * 1024;

/** What the app is built on. */
export interface AppDependencies {
  readonly store: Store;
  /** Default: the prices that ship with core. */
  readonly book?: PriceBook;
  /** The server is bound to this machine, so that its dashboard may be read without a key. */
  readonly dashboardIsOpen: boolean;
  /** `silent` by default, since tests have nobody to read it. */
  readonly logLevel?: string;
  readonly rates?: Partial<Rates> | undefined;
  readonly patience?: Patience | undefined;
  /** Where browsers reach the server; by default on this machine only. */
  readonly publicUrl?: URL | undefined;
  /** Who vouches for members beside their passwords; nobody by default. */
  readonly oidc?: OidcSettings | undefined;
  /** Where price books are looked for; nowhere by default. */
  readonly priceFeed?: FeedSettings | undefined;
  readonly alerts?: AlertSettings | undefined;
  /** Where a copy for analytics is kept; nowhere by default. */
  readonly clickHouse?: ClickHouseClient | undefined;
  /** Hears of every route, for tests that go through all of them. */
  readonly onRoute?: (route: RouteOptions) => void;
}

/** The whole server, not yet listening. The caller closes the store after the app. */
export async function createApp(dependencies: AppDependencies): Promise<FastifyInstance> {
  const { store, patience = DEFAULT_PATIENCE } = dependencies;
  const counters = new Counters();
  const prices = await openPrices(store, dependencies.book);
  const app = Fastify({
    bodyLimit: BODY_LIMIT,
    http: {
      maxHeaderSize: HEADER_LIMIT,
      headersTimeout: patience.headersMs,
      connectionsCheckingInterval: patience.checkMs,
    },
    requestTimeout: patience.requestMs,
    logger: { level: dependencies.logLevel ?? "silent" },
    genReqId: () => newId(),
    clientErrorHandler: handleClientError,
    logController: new LogController({ disableRequestLogging: true }),
    routerOptions: { maxParamLength: 1024, ignoreTrailingSlash: true },
  });
  if (dependencies.onRoute !== undefined) app.addHook("onRoute", dependencies.onRoute);
  app.setErrorHandler(handleError);
  registerEndOfConnections(app);
  registerJsonBodies(app);
  registerSecurityHeaders(app);
  registerContextHeaders(app);
  registerPathParameters(app);
  const countFailedKey = await registerRates(app, { ...DEFAULT_RATES, ...dependencies.rates });
  await app.register(cookies);
  const { dashboardIsOpen, publicUrl, oidc } = dependencies;
  const origin = new OwnOrigin(publicUrl);
  const cookie = sessionCookie(origin);
  const callers = new Callers({ store, dashboardIsOpen, countFailedKey, origin, cookie });
  const findAccess = registerAuth(app, store, callers);
  await registerApiDocument(app);
  registerHealth(app, store);
  const feed = dependencies.priceFeed && new PriceFeed({ store, prices }, dependencies.priceFeed);
  if (feed !== undefined) {
    app.addHook("onReady", async () => feed.start());
    app.addHook("onClose", () => feed.stop());
  }
  const runner = new RepriceRunner({ store, prices }, (error) =>
    app.log.error({ err: error }, "a re-pricing broke off"),
  );
  app.addHook("onReady", () => runner.resume());
  app.addHook("onClose", () => runner.stop());
  const alerts = createAlerts(store, dependencies.alerts ?? {}, (error, what) =>
    app.log.error({ err: error }, what),
  );
  app.addHook("onReady", async () => alerts.runner.start());
  app.addHook("onClose", () => alerts.runner.stop());
  const sweeper = new HoldSweeper(store, (error) =>
    app.log.error({ err: error }, "expired holds could not be ended"),
  );
  app.addHook("onReady", async () => sweeper.start());
  app.addHook("onClose", () => sweeper.stop());
  const retention = new RetentionRunner(store, (error) =>
    app.log.error({ err: error }, "what is past its retention could not be removed"),
  );
  app.addHook("onReady", async () => retention.start());
  app.addHook("onClose", () => retention.stop());
  const outcomes = new OutcomeRunner(store, (error) =>
    app.log.error({ err: error }, "outcomes of a day could not be counted; they are read from its instances"),
  );
  app.addHook("onReady", async () => outcomes.start());
  app.addHook("onClose", () => outcomes.stop());
  const { clickHouse } = dependencies;
  if (clickHouse !== undefined) {
    const copier = new CopyRunner(store, clickHouse, (error) =>
      app.log.error({ err: error }, "the copy in ClickHouse is behind; the store answers meanwhile"),
    );
    app.addHook("onReady", async () => copier.start());
    app.addHook("onClose", () => copier.stop());
  }
  registerMetrics(app, store, prices, counters, { feed, isCopied: clickHouse !== undefined });
  await app.register(
    async (api) => {
      registerIdempotency(api, store);
      registerLimitsVersion(api, new LimitVersions(store));
      registerIngest(api, store, prices, counters, alerts.reports);
      registerCopilot(api, store, prices, counters);
      registerRequests(api, store);
      registerLimits(api, store);
      registerLimitWindows(api, store);
      registerHolds(api, store, prices);
      registerLeases(api, store, prices);
      registerGuard(api, store);
      registerUseCases(api, store);
      registerKpis(api, store);
      registerInstances(api, store);
      registerScores(api, store);
      registerValuePolicies(api, store);
      registerValue(api, store);
      registerCategories(api, store, prices);
      registerUnpriced(api, store, prices, runner);
      registerDbuPrices(api, store, prices);
      registerPriceBooks(api, store, prices, feed);
      registerReprice(api, store, prices, runner);
      registerAlerts(api, store, alerts);
      registerAnalytics(api, store, prices, new SumsReader(store, clickHouse));
      registerAnalyticsLists(api, store);
      registerReports(api, store);
      registerEventStream(api, store);
      registerDemo(api, store, prices);
      registerApplications(api, store);
      registerKeys(api, store);
      registerSettings(api, store);
      registerAudit(api, store);
      registerMembers(api, store, callers);
      registerUsers(api, store);
      const hasIdentityProvider = oidc !== undefined;
      const signIn = { store, callers, findAccess, origin, cookie, countFailedKey, hasIdentityProvider };
      registerSignIn(api, signIn);
      if (oidc !== undefined && publicUrl !== undefined) {
        const provider = new IdentityProvider(oidc, publicUrl.origin, dependencies.alerts?.allowedHosts);
        registerIdentityProvider(api, { store, callers, cookie, origin, provider });
      }
    },
    { prefix: "/api/v1" },
  );
  registerDocuments(app);
  await registerDashboard(app, dashboardDirectory());
  return app;
}
