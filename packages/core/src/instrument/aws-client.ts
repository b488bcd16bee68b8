/** As much of an AWS SDK client as metering needs; the SDK itself is no dependency. */

/** What a command answers, with the raw response beside it. */
export interface AwsResult {
  readonly output: Readonly<Record<string, unknown>> & { readonly $metadata?: AwsMetadata | undefined };
  readonly response?: { readonly headers?: Readonly<Record<string, string>> } | undefined;
}

export interface AwsMetadata {
  readonly httpStatusCode?: number | undefined;
  readonly requestId?: string | undefined;
  /** How often the SDK sent the request. */
  readonly attempts?: number | undefined;
}

export interface AwsArguments {
  readonly input: Readonly<Record<string, unknown>>;
}

export type AwsHandler = (given: AwsArguments) => Promise<AwsResult>;
export type AwsMiddleware = (
  next: AwsHandler,
  context: { readonly commandName?: string | undefined },
) => AwsHandler;

export interface AwsClient {
  readonly config: {
    readonly serviceId?: string | undefined;
    readonly region?: (() => Promise<string>) | string | undefined;
    readonly endpoint?: (() => Promise<AwsEndpoint>) | undefined;
  };
  readonly middlewareStack: {
    add(
      middleware: AwsMiddleware,
      options: { readonly step: "initialize"; readonly priority: "high"; readonly name: string },
    ): void;
  };
  /** Commands whose middleware was put together before. */
  handlers?: unknown;
}

type AwsEndpoint =
  | { readonly url: URL }
  | { readonly protocol: string; readonly hostname: string; readonly port?: number | undefined };

/** True for a client of Bedrock's runtime, whichever copy of the SDK it comes from. */
export function isBedrockClient(client: unknown): client is AwsClient {
  const { config, middlewareStack } = (client ?? {}) as Partial<AwsClient>;
  return config?.serviceId === "Bedrock Runtime" && typeof middlewareStack?.add === "function";
}

/** Where the client sends to: its own endpoint when it was given one, else that of its region. */
export async function originOf({ config }: AwsClient): Promise<string> {
  if (typeof config.endpoint === "function") {
    const endpoint = await config.endpoint();
    if ("url" in endpoint) return endpoint.url.origin;
    const port = endpoint.port === undefined ? "" : `:${endpoint.port}`;
    return `${endpoint.protocol}//${endpoint.hostname}${port}`;
  }
  const region = typeof config.region === "function" ? await config.region() : (config.region ?? "");
  return `https://bedrock-runtime.${region}.amazonaws.com${region.startsWith("cn-") ? ".cn" : ""}`;
}
