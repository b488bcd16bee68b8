export { type CostLine, type Price, type PriceRequest, type PricingStatus, price } from "./engine.ts";
export { type PriceBook, builtInPriceBook } from "./price-book.ts";
export { toCostResult } from "./result.ts";
export { type Money, formatMoney, fromPico, moneyToNumber, parseMoney, toPico } from "../money.ts";
