/**
 * Rows as they cross threads: what all of them have in common once, and a list for each column in which they differ. Every
 * value is copied by itself, so most of the copying is of what is said again and again.
 */
export interface PackedRows<Value> {
  readonly count: number;
  /** The first row. */
  readonly first: readonly Value[];
  /** The columns in which others differ from it, with the values of all rows. */
  readonly varying: readonly (readonly [column: number, values: readonly Value[]])[];
}

/** `readers` tell the values of the columns of one item. */
export function packRows<Item, Value>(
  items: readonly Item[],
  readers: readonly ((item: Item) => Value)[],
): PackedRows<Value> {
  const [head] = items;
  if (head === undefined) return { count: 0, first: [], varying: [] };
  const first = readers.map((read) => read(head));
  const varying: (readonly [number, readonly Value[]])[] = [];
  for (const [column, read] of readers.entries()) {
    const common = first[column] as Value;
    // By index: an iterator would make a pair for each value of each column, ten times what is kept of an event.
    for (let index = 1, values: Value[] | undefined; index < items.length; index += 1) {
      const value = read(items[index] as Item);
      if (values !== undefined) values.push(value);
      else if (value !== common) {
        values = Array.from<Value>({ length: index }).fill(common);
        values.push(value);
        varying.push([column, values]);
      }
    }
  }
  return { count: items.length, first, varying };
}

/** The rows again, each a list of its own. */
export function unpackRows<Value>({ count, first, varying }: PackedRows<Value>): readonly Value[][] {
  return Array.from({ length: count }, (_, index) => {
    const row = first.slice();
    for (const [column, values] of varying) row[column] = values[index] as Value;
    return row;
  });
}
