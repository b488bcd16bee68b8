export { type CostLine, type Price, type PriceRequest, type PricingStatus, price } from "./engine.ts";
export { type PriceBook, builtInPriceBook, createPriceBook, withCustomResources } from "./price-book.ts";
export { type CustomResourceVersion } from "./custom-resources.ts";
export { toCostResult } from "./result.ts";
export { type Money, formatMoney, fromPico, moneyToNumber, parseMoney, toPico } from "../money.ts";
