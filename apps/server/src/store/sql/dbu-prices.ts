import { newId } from "../../new-id.ts";
import { type NewDbuPrice, type StoredDbuPrice } from "../price.ts";
import { audit } from "./price-audit.ts";
import { type Program, all, run } from "./program.ts";

/** Every price of a Databricks unit that was set, in the order of its making: of two with one start the later corrects. */
export function* dbuPrices(): Program<readonly StoredDbuPrice[]> {
  const rows = yield* all(
    "SELECT id, category, start_ms, usd, created_ms FROM dbu_price ORDER BY created_ms, id",
  );
  return rows.map((row) => ({
    id: String(row["id"]),
    category: String(row["category"]),
    startMs: Number(row["start_ms"]),
    usd: String(row["usd"]),
    createdMs: Number(row["created_ms"]),
  }));
}

/** Holds from its start until the next one's; what was set before stays on record. */
export function* setDbuPrice(wanted: NewDbuPrice, actor: string): Program<StoredDbuPrice> {
  const price = { ...wanted, id: newId(), createdMs: Date.now() };
  yield* run(
    "INSERT INTO dbu_price (id, category, start_ms, usd, created_ms) VALUES (?, ?, ?, ?, ?)",
    price.id,
    price.category,
    price.startMs,
    price.usd,
    price.createdMs,
  );
  yield* audit({ actor, action: "dbu_price.set", subject: price.category, detail: price });
  return price;
}
