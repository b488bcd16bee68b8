import { adapterContract } from "../../core/test/adapter-contract.ts";
import { handlerDriver, userOf } from "../../core/test/web/handler-driver.ts";
import { withTracking } from "../src/index.ts";

adapterContract(
  "@payi/next",
  handlerDriver((handler, setup) =>
    withTracking(handler, { useCaseName: setup.useCaseName, userId: (request) => userOf(request, setup) }),
  ),
);

adapterContract("@payi/next actions", {
  ...handlerDriver((handler, setup) =>
    withTracking.action(handler, {
      useCaseName: setup.useCaseName,
      userId: ([request]) => userOf(request, setup),
      onLimit: ({ limitIds }) => Response.json({ limitIds }, { status: 429 }),
    }),
  ),
  noticesLeaving: false,
});
