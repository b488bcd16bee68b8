/** The style of the reference page, served as a file of its own: the policy allows no other. */
export const REFERENCE_STYLE = `:root { color-scheme: light dark; --line: color-mix(in srgb, CanvasText 18%, Canvas);
  --quiet: color-mix(in srgb, CanvasText 65%, Canvas); }
body { margin: 0; display: grid; grid-template-columns: 13rem minmax(0, 60rem); gap: 2rem; padding: 1.5rem;
  font: 15px/1.5 system-ui, sans-serif; }
nav { position: sticky; top: 1.5rem; align-self: start; display: grid; gap: .35rem; }
a { color: inherit; }
h1 small, dd, summary span { color: var(--quiet); }
dt { color: CanvasText; }
details { border: 1px solid var(--line); border-radius: .5rem; margin: .5rem 0; padding: .5rem .75rem; }
summary { cursor: pointer; }
summary b { display: inline-block; min-width: 4.2em; font: 600 12px ui-monospace, monospace; }
summary span { float: right; font-size: 12px; border: 1px solid var(--line); border-radius: 1rem; padding: 0 .5rem; }
code, dt { font-family: ui-monospace, monospace; font-size: 13px; }
h3 { font-size: 13px; margin: 1rem 0 .25rem; }
dl { margin: 0; padding-left: .75rem; border-left: 1px solid var(--line); }
dt { margin-top: .35rem; }
dd { margin: 0 0 0 1rem; font-size: 13px; }
@media (max-width: 48rem) { body { display: block; } nav { position: static; display: flex; flex-wrap: wrap; } }
`;
