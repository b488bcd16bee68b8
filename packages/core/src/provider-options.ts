/** The sections of the configuration that belong to one provider each. */
import { type ModelMapping, readModelMappings } from "./mappings.ts";
import { readFlag, rejectUnknown } from "./option-readers.ts";
import { type CountTokens, type ProviderSection } from "./providers/provider.ts";
import { type ModelConfig, readModelConfigs } from "./tokenizers.ts";

/** What can be said of every provider. */
export interface ProviderConfig {
  /** What the names of models and deployments stand for, where they do not tell. Default: none. */
  readonly modelMappings?: readonly ModelMapping[] | undefined;
}

export interface AwsConfig extends ProviderConfig {
  /**
   * True (default): a call that names a guardrail and its version asks for its trace as well, without which nobody can
   * tell what the guardrail cost. False: requests leave as they are.
   */
  readonly guardrailTrace?: boolean | undefined;
  /** True: the last event of a Bedrock stream carries the call's result as `xproxy_result`. Default false. */
  readonly addStreamingXproxyResult?: boolean | undefined;
  /** By model id: how to count tokens that the model does not tell. Default: none. */
  readonly modelConfig?: Readonly<Record<string, ModelConfig>> | undefined;
}

/** The provider sections of `config`. */
export interface ProviderOptions {
  /** Also for what Azure, Databricks, Google and Amazon host behind OpenAI's API, where their own section has no match. */
  readonly openaiConfig?: ProviderConfig | undefined;
  /** Azure OpenAI and Foundry through OpenAI's API; `model` is the deployment. */
  readonly azureOpenaiConfig?: ProviderConfig | undefined;
  /** Anthropic's API, whoever hosts it. */
  readonly anthropicConfig?: ProviderConfig | undefined;
  readonly awsConfig?: AwsConfig | undefined;
  readonly googleConfig?: ProviderConfig | undefined;
  readonly databricksConfig?: ProviderConfig | undefined;
}

/** The provider sections in force. */
export interface ProviderSettings {
  readonly modelMappings: Readonly<Record<ProviderSection, readonly ModelMapping[]>>;
  readonly guardrailTrace: boolean;
  readonly addStreamingXproxyResult: boolean;
  /** By Bedrock's model id. */
  readonly tokenizers: ReadonlyMap<string, CountTokens>;
}

export const PROVIDER_OPTION_KEYS: readonly (keyof ProviderOptions)[] = [
  "openaiConfig",
  "azureOpenaiConfig",
  "anthropicConfig",
  "awsConfig",
  "googleConfig",
  "databricksConfig",
];

/** @throws {ConfigurationError} */
export function readProviderOptions(config: ProviderOptions): ProviderSettings {
  const mappings = (name: keyof ProviderOptions, more: readonly string[] = []): readonly ModelMapping[] => {
    rejectUnknown(`config.${name}.`, config[name] ?? {}, ["modelMappings", ...more]);
    return readModelMappings(`config.${name}.modelMappings`, config[name]?.modelMappings);
  };
  const { awsConfig } = config;
  return {
    modelMappings: {
      openai: mappings("openaiConfig"),
      azure: mappings("azureOpenaiConfig"),
      anthropic: mappings("anthropicConfig"),
      aws: mappings("awsConfig", ["guardrailTrace", "addStreamingXproxyResult", "modelConfig"]),
      google: mappings("googleConfig"),
      databricks: mappings("databricksConfig"),
    },
    guardrailTrace: readFlag("config.awsConfig.guardrailTrace", awsConfig?.guardrailTrace, true),
    addStreamingXproxyResult: readFlag(
      "config.awsConfig.addStreamingXproxyResult",
      awsConfig?.addStreamingXproxyResult,
      false,
    ),
    tokenizers: readModelConfigs("config.awsConfig.modelConfig", awsConfig?.modelConfig),
  };
}
