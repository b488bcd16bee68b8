import { WireError, readText } from "@payi/core/wire";
import { type FastifyInstance, type FastifyRequest } from "fastify";
import { Type } from "typebox";

import { canonicalCategory, categoriesOf, checkOwnCategory } from "../domain/categories.ts";
import { type Prices } from "../domain/prices.ts";
import { type Pricing } from "../domain/pricing.ts";
import {
  type ResourceVersion,
  isActive,
  listCategories,
  resourceVersions,
  toVersions,
} from "../domain/resource-version.ts";
import { nonBlank } from "../http/analytics-query.ts";
import { PAGE_QUERY, PageOf, Text } from "../http/api/answer-shapes.ts";
import { operation } from "../http/api/operation.ts";
import { Resource, ResourceInput } from "../http/api/price-shapes.ts";
import { accessOf } from "../http/auth.ts";
import { encodeResource } from "../http/encode-resource.ts";
import { pageOf } from "../http/page-of.ts";
import { type Query, encodePage, readPage } from "../http/paging.ts";
import { readResourceInput } from "../http/resource-input.ts";
import { type CustomResourceName } from "../store/price.ts";
import { type Store } from "../store/store.ts";

interface Paged {
  Querystring: Query;
}
interface InCategory {
  Params: { category: string };
}
interface One {
  Params: { category: string; resource: string };
}
interface Version {
  Params: { category: string; resource: string; id: string };
}

const MAX_CATEGORY = 256;
const MAX_RESOURCE = 512;

/** Categories and resources: the platform's to read, the organization's own to change (contract 2.3, 4). */
export function registerCategories(app: FastifyInstance, store: Store, prices: Prices): void {
  app.get<Paged>(
    "/categories",
    operation({
      access: "dashboard",
      tag: "Categories",
      summary: "List categories",
      query: { Active: Type.Optional(Type.Boolean()), ...PAGE_QUERY },
      answers: { 200: PageOf(Type.Object({ category: Text() })) },
    }),
    async (request) => {
      const active = readActive(request.query);
      const found = listCategories(await prices.current()).filter(
        (category) => active === undefined || category.active === active,
      );
      const page = pageOf(found, ({ category }) => category, readPage(request.query, true));
      return encodePage(request.id, page, ({ category }) => ({ category }));
    },
  );

  app.get<InCategory & Paged>(
    "/categories/:category/resources",
    operation({
      access: "dashboard",
      tag: "Categories",
      summary: "List the resources of a category",
      query: { Active: Type.Optional(Type.Boolean()), ...PAGE_QUERY },
      answers: { 200: PageOf(Resource) },
    }),
    async (request) => {
      const pricing = await prices.current();
      const category = requireCategory(pricing, request.params.category);
      return list(request, resourceVersions(pricing, category));
    },
  );

  app.get<One & Paged>(
    "/categories/:category/resources/:resource",
    operation({
      access: "dashboard",
      tag: "Categories",
      summary: "List the versions of a resource",
      query: { Active: Type.Optional(Type.Boolean()), ...PAGE_QUERY },
      answers: { 200: PageOf(Resource) },
    }),
    async (request) => list(request, requireVersions(await prices.current(), request.params)),
  );

  app.post<One>(
    "/categories/:category/resources/:resource",
    operation({
      access: "dashboard",
      tag: "Categories",
      summary: "Add a version of a resource of your own",
      body: ResourceInput,
      answers: { 200: Resource, 201: Resource },
    }),
    async (request, reply) => {
      const { params } = request;
      checkOwnCategory(params.category);
      readText(params.category, "category", MAX_CATEGORY);
      readText(params.resource, "resource", MAX_RESOURCE);
      const wanted = readResourceInput(request.body, params, Date.now());
      const { value, created } = await store.createCustomResource(wanted, accessOf(request).actor);
      const { customResources } = await prices.refresh();
      const [version] = toVersions([value], customResources);
      return reply.code(created ? 201 : 200).send(version === undefined ? {} : encodeResource(version));
    },
  );

  app.get<Version>(
    "/categories/:category/resources/:resource/:id",
    operation({
      access: "dashboard",
      tag: "Categories",
      summary: "Read a version of a resource",
      answers: { 200: Resource },
    }),
    async (request) => {
      const { id } = request.params;
      const versions = requireVersions(await prices.current(), request.params);
      return encodeResource(
        // What stands on a priced event of the platform's own resources names no version.
        versions.find((version) => version.id === id) ??
          versions.find((version) => isActive(version) && version.id.startsWith(`${id}@`)) ??
          missingVersion(request.params),
      );
    },
  );

  app.delete<InCategory>(
    "/categories/:category",
    operation({
      access: "dashboard",
      tag: "Categories",
      summary: "End all resources of a category of your own; costs stay",
      answers: { 200: Type.Array(Resource) },
    }),
    async (request) => (await remove(request, request.params)).map(encodeResource),
  );
  app.delete<One>(
    "/categories/:category/resources/:resource",
    operation({
      access: "dashboard",
      tag: "Categories",
      summary: "End a resource of your own; costs stay",
      answers: { 200: Type.Array(Resource) },
    }),
    async (request) => (await remove(request, request.params)).map(encodeResource),
  );
  app.delete<Version>(
    "/categories/:category/resources/:resource/:id",
    operation({
      access: "dashboard",
      tag: "Categories",
      summary: "End a version of a resource of your own; costs stay",
      answers: { 200: Resource },
    }),
    async (request) => {
      const [removed] = await remove(request, request.params);
      return removed === undefined ? missingVersion(request.params) : encodeResource(removed);
    },
  );

  async function remove(
    request: FastifyRequest,
    name: CustomResourceName,
  ): Promise<readonly ResourceVersion[]> {
    checkOwnCategory(name.category);
    const before = await prices.refresh();
    if (name.resource === undefined) requireCategory(before, name.category);
    else requireVersions(before, { category: name.category, resource: name.resource });
    const removed = await store.deleteCustomResources(name, accessOf(request).actor);
    await prices.refresh();
    return toVersions(removed, before.customResources);
  }
}

function list(
  request: FastifyRequest<{ Querystring: Query }>,
  versions: Iterable<ResourceVersion>,
): ReturnType<typeof encodePage> {
  const active = readActive(request.query);
  const page = pageOf(withActive(versions, active), ({ id }) => id, readPage(request.query, true));
  return encodePage(request.id, page, encodeResource);
}

function* withActive(
  versions: Iterable<ResourceVersion>,
  active: boolean | undefined,
): Iterable<ResourceVersion> {
  for (const version of versions) if (active === undefined || isActive(version) === active) yield version;
}

function requireCategory(pricing: Pricing, given: string): string {
  const category = canonicalCategory(given);
  if (categoriesOf(pricing.book).has(category)) return category;
  throw new WireError(
    "category_not_found",
    `There is no category ${JSON.stringify(given)}. List them with GET /api/v1/categories; a category of your own exists as long as it has a resource.`,
  );
}

function requireVersions(
  pricing: Pricing,
  name: { readonly category: string; readonly resource: string },
): readonly ResourceVersion[] {
  const category = requireCategory(pricing, name.category);
  const versions = [...resourceVersions(pricing, category, name.resource)];
  if (versions.length > 0) return versions;
  throw new WireError(
    "category_resource_not_found",
    `The category ${JSON.stringify(category)} has no resource ${JSON.stringify(name.resource)}. List them with GET /api/v1/categories/${encodeURIComponent(category)}/resources.`,
  );
}

function missingVersion(name: { readonly resource: string; readonly id: string }): never {
  throw new WireError(
    "resource_not_found",
    `The resource ${JSON.stringify(name.resource)} has no version ${JSON.stringify(name.id)}. List its versions without the last part of the path.`,
  );
}

/** Pay-i writes it `Active`. */
function readActive(query: Query): boolean | undefined {
  const text = (nonBlank(query, "Active") ?? nonBlank(query, "active"))?.toLowerCase();
  if (text === undefined) return undefined;
  if (text === "true" || text === "false") return text === "true";
  throw new WireError(
    "request_processing_error",
    `Active must be true or false, got ${JSON.stringify(text)}.`,
  );
}
