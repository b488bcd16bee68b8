/** `import "@payi/core/register"`: meters everything, configured from the environment alone. */
import { payiInstrument } from "./instrument/instrument.ts";

payiInstrument();
