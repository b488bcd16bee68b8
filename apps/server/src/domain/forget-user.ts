/* oxlint-disable no-await-in-loop -- one part after the other, so that other writes get their turn */
import { randomBytes } from "node:crypto";

import { WireError } from "@payi/core/wire";

import { FORGET_PLACES, type ForgetPlace, type ForgottenUser } from "../store/forget.ts";
import { type Store } from "../store/store.ts";

/** Rows between two commits of others. */
const MOST = 500;

/**
 * Takes a user's id out of everything that an application has kept, and deletes what was said in the user's calls. Money
 * stays, under a random name that is written nowhere beside the id: every total is as before. Once more finds nothing;
 * broken off, it goes on where it was, under another name.
 *
 * @throws {WireError} for an empty id.
 */
export async function forgetUser(
  store: Store,
  application: string,
  user: string,
  actor: string,
): Promise<ForgottenUser> {
  if (user === "") {
    throw new WireError(
      "required_field_missing",
      "user_id is empty: requests without a user belong to nobody. Name the user to forget.",
    );
  }
  const pseudonym = `forgotten-${randomBytes(8).toString("hex")}`;
  const places: Record<ForgetPlace, number> = { events: 0, totals: 0, instances: 0, limits: 0, notes: 0 };
  let texts = 0;
  for (const place of FORGET_PLACES) {
    let after: string | undefined = "";
    while (after !== undefined) {
      const outcome = await store.forgetUser({ application, user, pseudonym, place, after, most: MOST });
      places[place] += outcome.changed;
      texts += outcome.texts;
      after = outcome.next;
    }
  }
  const forgotten = { application, pseudonym, texts, places };
  if (texts > 0 || FORGET_PLACES.some((place) => places[place] > 0)) {
    await store.recordChange({
      application,
      actor,
      action: "user.forgotten",
      subject: pseudonym,
      before: null,
      after: { texts, ...places },
    });
  }
  return forgotten;
}
