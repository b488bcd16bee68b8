import { changeEventProperties, removeSeeded } from "./corrections.ts";
import { createCustomResource, deleteCustomResources } from "./custom-resources.ts";
import { ingest } from "./ingest.ts";
import { changeInstanceProperties, createInstance, deleteInstance } from "./instances.ts";
import { createKey, ensureKey, revokeKey, saveAnswer, touchKey } from "./keys.ts";
import { changeKpi, createKpi, deleteKpi } from "./kpis.ts";
import { resetLimit } from "./limit-reset.ts";
import { changeLimit, changeLimitProperties, createLimit, deleteLimit } from "./limits.ts";
import { type Operations, type WriteVerb } from "./operation.ts";
import { activatePriceBook, addPriceBook } from "./price-books.ts";
import { mapResource } from "./pricing.ts";
import { applyReprice, createRepriceJob } from "./reprice.ts";
import { recordScore } from "./scores.ts";
import { changeUseCase, createUseCase, deleteUseCase } from "./use-cases.ts";

/** The verbs of the writer. */
export const WRITES: Operations<WriteVerb> = {
  ingest,
  changeEventProperties,
  removeSeeded,
  createLimit,
  changeLimit,
  changeLimitProperties,
  deleteLimit,
  resetLimit,
  createUseCase,
  changeUseCase,
  deleteUseCase,
  createKpi,
  changeKpi,
  deleteKpi,
  createInstance,
  changeInstanceProperties,
  deleteInstance,
  recordScore,
  ensureKey,
  createKey,
  revokeKey,
  touchKey,
  saveAnswer,
  createCustomResource,
  deleteCustomResources,
  mapResource,
  addPriceBook,
  activatePriceBook,
  createRepriceJob,
  applyReprice,
};
