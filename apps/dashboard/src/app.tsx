import { CSPProvider } from "@base-ui/react/csp-provider";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, Suspense, lazy, useState } from "react";
import { BrowserRouter, Route, Routes } from "react-router";

import { ApiFailure } from "./api-failure.ts";
import { NotFoundPage } from "./pages/not-found.tsx";
import { OverviewPage } from "./pages/overview.tsx";
import { Shell } from "./parts/shell.tsx";
import { SignIn } from "./parts/sign-in.tsx";

// What is not looked at first is not loaded first.
const ExplorePage = lazy(async () => ({ default: (await import("./pages/explore.tsx")).ExplorePage }));
const RequestsPage = lazy(async () => ({ default: (await import("./pages/requests.tsx")).RequestsPage }));
const PricesPage = lazy(async () => ({ default: (await import("./pages/prices.tsx")).PricesPage }));
const UseCasesPage = lazy(async () => ({ default: (await import("./pages/use-cases.tsx")).UseCasesPage }));
const UseCasePage = lazy(async () => ({ default: (await import("./pages/use-case.tsx")).UseCasePage }));
const InstancePage = lazy(async () => ({ default: (await import("./pages/instance.tsx")).InstancePage }));
const AccountsPage = lazy(async () => ({ default: (await import("./pages/accounts.tsx")).AccountsPage }));
const AccountPage = lazy(async () => ({ default: (await import("./pages/account.tsx")).AccountPage }));
const LimitsPage = lazy(async () => ({ default: (await import("./pages/limits.tsx")).LimitsPage }));
const LimitPage = lazy(async () => ({ default: (await import("./pages/limit.tsx")).LimitPage }));
const ValuePage = lazy(async () => ({ default: (await import("./pages/value.tsx")).ValuePage }));
const AlertsPage = lazy(async () => ({ default: (await import("./pages/alerts.tsx")).AlertsPage }));
const SettingsPage = lazy(async () => ({ default: (await import("./pages/settings.tsx")).SettingsPage }));
const SignInLinkPage = lazy(async () => ({
  default: (await import("./pages/sign-in-link.tsx")).SignInLinkPage,
}));

/** The dashboard: routes, and the cache behind every figure. Needs no nonce and adds no style element. */
export function App(): ReactNode {
  const [client] = useState(createQueryClient);
  return (
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={client}>
        <BrowserRouter>
          <Routes>
            <Route
              path="set-up"
              element={
                <Suspense>
                  <SignInLinkPage purpose="set-up" />
                </Suspense>
              }
            />
            <Route
              path="invitation"
              element={
                <Suspense>
                  <SignInLinkPage purpose="invitation" />
                </Suspense>
              }
            />
            <Route path="sign-in" element={<SignIn />} />
            <Route element={<Shell />}>
              <Route index element={<OverviewPage />} />
              <Route path="explore" element={<ExplorePage />} />
              <Route path="requests" element={<RequestsPage />} />
              <Route path="prices" element={<PricesPage />} />
              <Route path="use-cases" element={<UseCasesPage />} />
              <Route path="use-cases/:name" element={<UseCasePage />} />
              <Route path="use-cases/:name/:id" element={<InstancePage />} />
              <Route path="accounts" element={<AccountsPage />} />
              <Route path="accounts/:name" element={<AccountPage field="account" />} />
              <Route path="users/:name" element={<AccountPage field="user" />} />
              <Route path="limits" element={<LimitsPage />} />
              <Route path="limits/:id" element={<LimitPage />} />
              <Route path="value" element={<ValuePage />} />
              <Route path="alerts" element={<AlertsPage />} />
              <Route path="settings" element={<SettingsPage />} />
              <Route path="*" element={<NotFoundPage />} />
            </Route>
          </Routes>
        </BrowserRouter>
      </QueryClientProvider>
    </CSPProvider>
  );
}

/** What the platform refused stays refused; only a lost connection and its own faults are tried again. */
function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 2000,
        retry: (attempts, error) => attempts < 3 && !(error instanceof ApiFailure && error.status < 500),
      },
    },
  });
}
