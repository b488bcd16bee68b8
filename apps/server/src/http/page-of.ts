import { type Page, type PageRequest } from "../store/query.ts";

/** One page of what is in memory. `keyOf` tells items apart; items come in the order that ascending pages have. */
export function pageOf<Item>(
  items: Iterable<Item>,
  keyOf: (item: Item) => string,
  page: PageRequest,
): Page<Item> {
  const ordered = page.ascending ? items : [...items].toReversed();
  let started = page.after === undefined;
  const found: Item[] = [];
  for (const item of ordered) {
    if (started) found.push(item);
    else started = keyOf(item) === page.after?.id;
    if (found.length > page.limit) break;
  }
  const shown = found.slice(0, page.limit);
  const last = shown.at(-1);
  const more = found.length > page.limit && last !== undefined;
  return { items: shown, next: more ? { order: 0, id: keyOf(last) } : undefined };
}
