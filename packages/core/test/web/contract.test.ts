import { trackHandler } from "../../src/web/index.ts";
import { adapterContract } from "../adapter-contract.ts";
import { handlerDriver, userOf } from "./handler-driver.ts";

adapterContract(
  "@payi/core/web",
  handlerDriver((handler, setup) =>
    trackHandler(handler, {
      useCaseName: setup.useCaseName,
      userId: (request) => userOf(request, setup),
    }),
  ),
);
