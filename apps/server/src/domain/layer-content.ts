import { type PriceBook, type PriceLayer } from "@payi/core/cost";

const contents = new WeakMap<PriceLayer, PriceLayer>();

/** The layers of a book with all they say; a layer that is made when it is asked for is made once. */
export function wholeLayers(book: PriceBook): readonly PriceLayer[] {
  return book.layers.map((layer) => {
    let content = contents.get(layer);
    if (content === undefined) {
      const { part: _part, ...whole } = layer;
      content = whole;
      contents.set(layer, content);
    }
    return content;
  });
}
