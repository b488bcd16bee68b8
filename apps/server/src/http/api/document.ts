import swagger from "@fastify/swagger";
import { type FastifyInstance } from "fastify";

import { PROGRAM_VERSION } from "../../version.ts";
import { TAGS } from "./operation.ts";

/** Makes `app.swagger()` the OpenAPI document of all routes that are registered after it. */
export async function registerApiDocument(app: FastifyInstance): Promise<void> {
  // Schemas tell and do not enforce: Pay-i's clients send forms that no schema should refuse (contract 10).
  app.setValidatorCompiler(() => () => true);
  app.setSerializerCompiler(() => JSON.stringify);
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Payi",
        version: PROGRAM_VERSION,
        description:
          "Pay-i's REST API, and what Payi adds to it (x-payi-addition). Costs are USD; beside each number stands the exact decimal text.",
      },
      tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
      components: {
        securitySchemes: {
          key: { type: "apiKey", in: "header", name: "xProxy-api-key" },
          bearer: { type: "http", scheme: "bearer" },
        },
      },
      security: [{ key: [] }, { bearer: [] }],
    },
  });
}
