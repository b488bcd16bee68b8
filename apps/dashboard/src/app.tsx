import { CSPProvider } from "@base-ui/react/csp-provider";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { BrowserRouter, Route, Routes } from "react-router";

import { ApiFailure } from "./api-failure.ts";
import { InstancePage } from "./pages/instance.tsx";
import { NotFoundPage } from "./pages/not-found.tsx";
import { OverviewPage } from "./pages/overview.tsx";
import { PricesPage } from "./pages/prices.tsx";
import { RequestsPage } from "./pages/requests.tsx";
import { UseCasePage } from "./pages/use-case.tsx";
import { UseCasesPage } from "./pages/use-cases.tsx";
import { Shell } from "./parts/shell.tsx";

/** The dashboard: routes, and the cache behind every figure. Needs no nonce and adds no style element. */
export function App(): ReactNode {
  const [client] = useState(createQueryClient);
  return (
    <CSPProvider disableStyleElements>
      <QueryClientProvider client={client}>
        <BrowserRouter>
          <Routes>
            <Route element={<Shell />}>
              <Route index element={<OverviewPage />} />
              <Route path="requests" element={<RequestsPage />} />
              <Route path="prices" element={<PricesPage />} />
              <Route path="use-cases" element={<UseCasesPage />} />
              <Route path="use-cases/:name" element={<UseCasePage />} />
              <Route path="use-cases/:name/:id" element={<InstancePage />} />
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
