/** The platform's own address: its API is metered by nobody, and its proxy by the platform. */

let known: { readonly baseUrl: string; readonly href: string } | undefined;

/** True for a URL at or below `baseUrl`; one that only begins with the same text, such as another port, is not. */
export function isBelow(url: URL, baseUrl: string): boolean {
  // The same one all the time: parsed once.
  if (known?.baseUrl !== baseUrl)
    known = { baseUrl, href: withoutSlash(URL.parse(baseUrl)?.href ?? baseUrl) };
  const { href } = known;
  if (!url.href.startsWith(href)) return false;
  const next = url.href[href.length];
  return next === undefined || next === "/" || next === "?" || next === "#";
}

function withoutSlash(href: string): string {
  return href.endsWith("/") ? href.slice(0, -1) : href;
}
