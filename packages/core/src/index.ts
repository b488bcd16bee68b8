export { ApiError, ConfigurationError, LimitExceededError, NetworkError, PayiError, TimeoutError } from "./errors.ts";
