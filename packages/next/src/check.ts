import { ConfigurationError } from "@payi/core";

/** Next tells a handler no pattern that could name it. @throws {ConfigurationError} */
export function requireName(adapter: string, handler: unknown, options: unknown): void {
  if (typeof handler !== "function") {
    throw new ConfigurationError(
      adapter,
      `${adapter} takes the function that is to be tracked first, got ${handler === null ? "null" : typeof handler}.`,
    );
  }
  const name: unknown = (options as { readonly useCaseName?: unknown } | null | undefined)?.useCaseName;
  if (typeof name === "function" || (typeof name === "string" && name !== "")) return;
  throw new ConfigurationError(
    `${adapter}.useCaseName`,
    `${adapter}.useCaseName must be the name of the use case, or a function that answers it, got ${JSON.stringify(name)}.`,
  );
}
