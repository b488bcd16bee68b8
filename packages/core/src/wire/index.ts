export * from "./analytics.ts";
export * from "./errors.ts";
export * from "./headers.ts";
export * from "./ingest.ts";
export * from "./limits.ts";
export * from "./parse.ts";
export * from "./result.ts";
export * from "./use-cases.ts";
