/** For `next.config.*`: what a Next.js build has to know so that provider calls inside it are seen. */

/** Packages that Next must not bundle: the hook is set on their classes as Node loads them. */
const EXTERNAL = ["@payi/core", "@aws-sdk/client-bedrock-runtime"];

interface NextConfig {
  readonly serverExternalPackages?: readonly string[] | undefined;
}

type NextConfigFunction<Config> = (...given: never[]) => Config | Promise<Config>;

/**
 * The configuration with the AWS SDK and this package kept out of the bundle; all else is as given. Takes what
 * `next.config` may export: an object, or a function that answers with one.
 *
 * @example
 * export default withPayi({ reactStrictMode: true });
 */
export function withPayi<Config extends NextConfig>(config: Config): Config;
export function withPayi<Config extends NextConfig, Given extends never[]>(
  config: (...given: Given) => Config | Promise<Config>,
): (...given: Given) => Promise<Config>;
export function withPayi(config: NextConfig | NextConfigFunction<NextConfig> = {}): unknown {
  if (typeof config !== "function") return extend(config);
  return async (...given: never[]) => extend(await config(...given));
}

function extend(config: NextConfig): NextConfig {
  const packages = new Set([...(config.serverExternalPackages ?? []), ...EXTERNAL]);
  return { ...config, serverExternalPackages: [...packages] };
}
