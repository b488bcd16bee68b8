/** Vercel's AI SDK: every model call metered, attributed and bound by limits. */
export { payiMiddleware } from "./middleware.ts";
export {
  type ModelCall,
  type PayiCallOptions,
  type PricedAs,
  type TrackModelOptions,
  payiOptions,
} from "./options.ts";
export { payiStreamError } from "./stream-error.ts";
export { type PayiTelemetry, payiTelemetry } from "./telemetry.ts";
export { trackDefaultProvider, trackModel, trackProvider } from "./track.ts";
