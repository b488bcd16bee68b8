/** A recommended trail, as the page shows it. */
export interface Trail {
  readonly name: string;
  readonly near: string;
  readonly difficulty: string;
  /** One way. */
  readonly miles: number;
  readonly why: string;
  readonly advice: string;
}

/** What arrives while a model answers, in order. */
export type AnswerPart =
  | { readonly kind: "pages"; readonly pages: readonly WebPage[] }
  | { readonly kind: "trail"; readonly trail: Trail };

/** A page that the model read. */
interface WebPage {
  readonly title: string;
  readonly url: string;
}

/** Turns pieces of text, cut anywhere, into trails: one JSON object per line. Lines that are none are left out. */
export class TrailReader {
  #rest = "";

  /** The trails that are complete with this piece. */
  push(piece: string): readonly Trail[] {
    const lines = (this.#rest + piece).split("\n");
    this.#rest = lines.pop() ?? "";
    return lines.flatMap(readTrail);
  }

  /** The trail in the last line, which no line break ends. */
  end(): readonly Trail[] {
    const last = this.#rest;
    this.#rest = "";
    return readTrail(last);
  }
}

function readTrail(line: string): readonly Trail[] {
  if (!line.trim().startsWith("{")) return [];
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return [];
  }
  const given = value as Readonly<Record<keyof Trail, unknown>>;
  if (typeof given.name !== "string") return [];
  return [
    {
      name: given.name,
      near: text(given.near),
      difficulty: text(given.difficulty),
      miles: typeof given.miles === "number" ? given.miles : 0,
      why: text(given.why),
      advice: text(given.advice),
    },
  ];
}

function text(field: unknown): string {
  return typeof field === "string" ? field : "";
}
