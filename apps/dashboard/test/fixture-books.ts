/** Price books in the shapes of the wire: the one in force, and candidates that pass, want approval, and are refused. */
interface FixtureBook {
  readonly id: string;
  readonly name: string;
  readonly kind: "built-in" | "uploaded";
  readonly gates: readonly object[];
  readonly activations: { readonly timestamp: string; readonly by: string }[];
}

type Body = Readonly<Record<string, unknown>>;

/** Answers to `/price-books`, `/price-books/{id}` and `/price-books/{id}/activate`. */
export function makeBooks(): (method: string, id: string | undefined, body: Body) => object | undefined {
  const books: readonly FixtureBook[] = [
    make("cand-free", "free by mistake", [
      gate("removed_or_free", false, ["system.openai/gpt-4o text input at 2026-11-01 becomes free"]),
    ]),
    make("cand-dear", "new contract", [
      gate("change_over_3x", true, ["system.openai/gpt-4o text input at 2026-11-01 changes by × 12"]),
    ]),
    make("cand-fine", "small correction", []),
    { ...make("book-1", "ships with Payi", []), kind: "built-in" },
  ];
  let active = books.at(-1);
  active?.activations.push({ timestamp: "2026-11-18T08:00:00.000Z", by: "payi" });

  return (method, id, body) => {
    if (id === undefined) {
      return { request_id: "fixture", items: books.map((book) => toBook(book, active)), cursor: null };
    }
    const book = books.find((each) => each.id === id);
    if (book === undefined) return undefined;
    if (method === "POST") {
      const isOpen = book.activations.length > 0 || body["approve"] === true || book.gates.length === 0;
      if (!isOpen) return undefined;
      active = book;
      book.activations.push({ timestamp: new Date().toISOString(), by: "dashboard" });
    }
    return { request_id: "fixture", ...toBook(book, active), ...(book === active ? {} : report(book)) };
  };
}

function make(id: string, name: string, gates: readonly object[]): FixtureBook {
  return { id, name, kind: "uploaded", gates, activations: [] };
}

function gate(name: string, approvable: boolean, reasons: readonly string[]): object {
  return { gate: name, passed: reasons.length === 0, approvable, reasons };
}

function toBook(book: FixtureBook, active: FixtureBook | undefined): object {
  const { id, name, kind, activations } = book;
  return {
    id,
    name,
    kind,
    active: book === active,
    created_timestamp: "2026-11-18T08:00:00.000Z",
    created_by: "payi",
    activations,
    layers: [{ name: "catalog", hash: "c0ffee", rows: 1862 }],
  };
}

function report(book: FixtureBook): object {
  return {
    compared_with: "book-1",
    gates: [gate("schema", false, []), gate("sources", false, []), ...book.gates],
    replayed: 12,
    replay: [
      {
        category: "system.openai",
        resource: "gpt-4o-2024-08-06",
        requests: 7,
        before: "0.0045",
        after: "0.0324",
        difference: "0.0279",
        lost: 0,
      },
      {
        category: "system.openai",
        resource: "gpt-4o-mini-2024-07-18",
        requests: 2,
        before: "0.0001",
        after: "0",
        difference: "-0.0001",
        lost: 2,
      },
    ],
  };
}
