/** For `next.config.*`: what a Next.js build has to know so that provider calls inside it are seen. */

/** Packages that Next must not bundle: the hook is set on their classes as Node loads them. */
const EXTERNAL = ["@payi/core", "@aws-sdk/client-bedrock-runtime"];

/** What a configuration is afterwards. */
export type WithPayi<Config> = Omit<Config, "serverExternalPackages"> & {
  readonly serverExternalPackages: string[];
};

/**
 * The configuration with the AWS SDK and this package kept out of the bundle; all else is as given. Takes what
 * `next.config` may export: an object, or a function that answers with one.
 *
 * @example
 * export default withPayi({ reactStrictMode: true });
 */
export function withPayi<Config extends object, Given extends unknown[]>(
  config: (...given: Given) => Config | Promise<Config>,
): (...given: Given) => Promise<WithPayi<Config>>;
export function withPayi<Config extends object>(config: Config): WithPayi<Config>;
export function withPayi(config: object | ((...given: unknown[]) => unknown)): unknown {
  if (typeof config !== "function") return extend(config);
  return async (...given: unknown[]) => extend((await config(...given)) as object);
}

function extend(config: { readonly serverExternalPackages?: readonly string[] }): WithPayi<object> {
  const packages = new Set([...(config.serverExternalPackages ?? []), ...EXTERNAL]);
  return { ...config, serverExternalPackages: [...packages] };
}
