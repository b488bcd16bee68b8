import { type Store } from "../store/store.ts";
import { openStore } from "./open-store.ts";
import { readSettings } from "./settings.ts";

/** Runs `work` on the store of the environment, beside a running server or without one, and closes it again. */
export async function withStore<Result>(work: (store: Store) => Promise<Result>): Promise<Result> {
  const store = await openStore(readSettings(process.env));
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}
