import { createRequire } from "node:module";

import { ApolloDriver, type ApolloDriverConfig } from "@nestjs/apollo";
import {
  Args,
  GraphQLModule,
  GraphQLSchemaHost,
  Mutation,
  Query,
  ResolveField,
  Resolver,
  Subscription,
} from "@nestjs/graphql";
import { LimitExceededError, getContext } from "@payi/core";
import type * as graphql from "graphql";
import { afterAll, beforeAll, expect, test } from "vitest";

import { Track } from "../src/index.ts";
import { type Model, type Running, run, startModel } from "./support.ts";

// The copy that Nest makes its schema with: the package has a second one, for those who import it.
const { parse, subscribe } = createRequire(import.meta.url)("graphql") as typeof graphql;

const TYPES = /* GraphQL */ `
  type Trail {
    name: String!
    distance: String!
  }
  type Query {
    trails(near: String!): [Trail!]!
    weather: String!
    refused: String
  }
  type Mutation {
    rate(stars: Int!): String!
  }
  type Subscription {
    found: String!
    announced: String!
  }
`;

@Resolver("Trail")
class TrailResolver {
  @Query("trails")
  @Track("trail_finder")
  async trails(@Args("near") near: string): Promise<object[]> {
    await model.ask();
    return [{ name: near }, { name: "Fins and Things" }];
  }

  @ResolveField("distance")
  async distance(): Promise<string> {
    return `${getContext().useCaseName} ${await model.ask()}`;
  }

  @Query("weather")
  async weather(): Promise<string> {
    return model.ask();
  }

  @Query("refused")
  refused(): never {
    throw new LimitExceededError({ limitIds: ["daily"], spent: "9", max: "10" });
  }

  @Subscription("found")
  @Track("trail_feed")
  async *found(): AsyncGenerator<{ found: string }> {
    yield { found: await model.ask() };
    yield { found: `${getContext().useCaseName} ${await model.ask()}` };
  }

  @Subscription("announced")
  async *announced(): AsyncGenerator<{ announced: string }> {
    yield { announced: `${getContext().useCaseName} ${await model.ask()}` };
  }

  @Mutation("rate")
  async rate(): Promise<string> {
    await model.ask();
    throw new Error("boom");
  }
}

let model: Model;
let on: Running;

beforeAll(async () => {
  model = await startModel();
  on = await run(model, {
    imports: [
      GraphQLModule.forRoot<ApolloDriverConfig>({
        driver: ApolloDriver,
        typeDefs: TYPES,
        // Fields are intercepted, too: none of them may become an instance.
        fieldResolverEnhancers: ["interceptors"],
      }),
    ],
    providers: [TrailResolver],
    payi: { accountName: "acme" },
  });
});

afterAll(async () => {
  await on[Symbol.asyncDispose]();
  await model[Symbol.asyncDispose]();
});

interface Answer {
  readonly id: string | null;
  readonly data: Record<string, unknown> | null;
  readonly errors: { message: string; extensions: Record<string, unknown> }[] | undefined;
}

async function ask(query: string): Promise<Answer> {
  await on.recorder.clear();
  const response = await fetch(`${on.url}/graphql`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query }),
  });
  const { data, errors } = (await response.json()) as Pick<Answer, "data" | "errors">;
  return { id: response.headers.get("x-payi-use-case-id"), data, errors };
}

test("a query is the request's instance, and its fields belong to it", async () => {
  const { id, data } = await ask('{ trails(near: "Moab") { name distance } }');
  expect(data?.["trails"]).toMatchObject([
    { name: "Moab", distance: expect.stringContaining("trail_finder") as string },
    {},
  ]);
  expect(await on.scores("success", 1)).toMatchObject([
    { useCaseName: "trail_finder", useCaseId: id, score: true },
  ]);
  const events = await on.recorder.events();
  expect(events.map(({ useCaseId, accountName }) => [useCaseId, accountName])).toEqual(
    Array.from({ length: 3 }, () => [id, "acme"]),
  );
});

test("two queries of one operation are two instances", async () => {
  await ask('{ weather trails(near: "Moab") { name } }');
  const scores = await on.scores("success", 2);
  const events = await on.recorder.events();
  expect(new Set(scores.map(({ useCaseName }) => useCaseName))).toEqual(
    new Set(["TrailResolver.weather", "trail_finder"]),
  );
  expect(new Set(events.map(({ useCaseId }) => useCaseId)).size).toBe(2);
});

test("a mutation that fails fails its instance, although the answer is a 200", async () => {
  const { errors } = await ask("mutation { rate(stars: 4) }");
  expect(errors?.[0]?.message).toBe("boom");
  expect(await on.scores("success", 1)).toMatchObject([{ useCaseName: "TrailResolver.rate", score: false }]);
});

test("a refusal is an error with the problem in its extensions, without amounts", async () => {
  const { errors } = await ask("{ refused }");
  expect(errors?.[0]).toMatchObject({
    message: "Spending limit reached",
    extensions: { code: "payi_limit_exceeded", limitIds: ["daily"] },
  });
  expect(errors?.[0]?.message).not.toContain("10");
});

/** Everything that a subscription tells, as a socket's server asks for it. */
async function listenTo(field: string): Promise<readonly unknown[]> {
  await on.recorder.clear();
  const { schema } = on.app.get(GraphQLSchemaHost);
  const told = await subscribe({ schema, document: parse(`subscription { ${field} }`), contextValue: {} });
  if (!(Symbol.asyncIterator in told)) throw new Error(JSON.stringify(told.errors));
  const values: unknown[] = [];
  for await (const { data } of told) values.push(data?.[field]);
  return values;
}

test("a subscription is one instance, and what its generator asks for belongs to it", async () => {
  const values = await listenTo("found");
  expect(values).toEqual([expect.any(String), expect.stringMatching(/^trail_feed /)]);
  const [success] = await on.scores("success", 1);
  expect(success).toMatchObject({ useCaseName: "trail_feed" });
  const events = await on.recorder.events();
  expect(events.map(({ useCaseId, accountName }) => [useCaseId, accountName])).toEqual(
    Array.from({ length: 2 }, () => [success?.useCaseId, "acme"]),
  );
  expect(success?.score).toBe(true);
});

test("a subscription without @Track is named by its class and method, and ends with its generator", async () => {
  expect(await listenTo("announced")).toEqual([expect.stringMatching(/^TrailResolver\.announced /)]);
  const [success] = await on.scores("success", 1);
  expect(success).toMatchObject({ useCaseName: "TrailResolver.announced", score: true });
  expect(await on.recorder.events()).toMatchObject([{ useCaseId: success?.useCaseId }]);
});
