import { type UnpricedUnits } from "@payi/core/wire";

import { type Units } from "../store/usage.ts";

/** What of a call no price covers, by unit and direction. A direction that is covered, or was not there, is left out: it is no 0. */
export function encodeUnknownUnits(units: Units): UnpricedUnits {
  return Object.fromEntries(
    Object.entries(units).flatMap(([unit, { input, output }]) =>
      input === 0 && output === 0
        ? []
        : [[unit, { ...(input === 0 ? {} : { input }), ...(output === 0 ? {} : { output }) }]],
    ),
  );
}
