export { type EmbeddingsLike, type TrackEmbeddingsOptions, trackEmbeddings } from "./embeddings.ts";
export { PayiCallbackHandler } from "./handler.ts";
export { type LangChainRun, payiMetadata } from "./metadata.ts";
export { type AgentStep, type PayiAgentMiddlewareOptions, payiAgentMiddleware } from "./middleware.ts";
export { type PayiCallbackOptions } from "./options.ts";
export { registerPayiGlobally } from "./register.ts";
export { type LangChainKpis } from "./retriever-kpi.ts";
