export { type CostLine, type Price, type PriceRequest, type PricingStatus, price } from "./engine.ts";
export {
  type PriceBook,
  builtInPriceBook,
  createPriceBook,
  withCustomResources,
  withDatabricksUnits,
} from "./price-book.ts";
export { type DbuPrice } from "./dbu-prices.ts";
export { type CustomResourceVersion } from "./custom-resources.ts";
export { type PriceVector, readPriceVector } from "./price-vector.ts";
export { type PriceVectorRate, type PriceVectorResult, toPriceVectorResult } from "./price-vector-result.ts";
export {
  type AliasRow,
  type ContextThreshold,
  type LaunchRow,
  type MultiplierRow,
  type PriceLayer,
  type PriceRow,
  type PriceSource,
  type PublishedRate,
  type SnapshotPattern,
  type UnitRates,
  type UnitRule,
} from "./row.ts";
export { toCostResult } from "./result.ts";
export { type Money, formatMoney, fromPico, moneyToNumber, parseMoney, toPico } from "../money.ts";
