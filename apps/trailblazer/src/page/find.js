import { readEvents } from "./read-events.js";
import {
  element,
  enableButtons,
  fail,
  headers,
  node,
  postForm,
  run,
  say,
  settings,
  showAfter,
  suggestVehicle,
} from "./shell.js";

const form = element("search");
/** Id of the last search: its instance in Payi. */
let searchId;

element("model").replaceChildren(...settings.models.map((model) => new Option(model, model)));
element("rate").addEventListener("click", rate);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  void run(form, search);
});
suggestVehicle(form);
enableButtons();

async function search(signal) {
  element("rate").hidden = false;
  element("thanks").hidden = true;
  element("pages").replaceChildren();
  element("trails").replaceChildren();
  say(`Asking ${element("model").value} …`, "busy");
  searchId = null;
  let cost;
  try {
    const response = await postForm("/api/trails/search", form, signal);
    searchId = response.headers.get("x-payi-use-case-id");
    if (response.ok) cost = await show(response);
    else fail(await response.json());
  } finally {
    element("rate").hidden = element("trails").childElementCount === 0;
    showAfter("trail_finder", searchId, cost);
  }
}

/** Resolves with what it cost; undefined for a search that broke off. */
async function show(response) {
  for await (const { name, data } of readEvents(response)) {
    if (name === "pages") addPages(data.pages);
    else if (name === "trail") addTrail(data.trail);
    else if (name === "failed") fail(data);
    else if (name === "done") {
      const nothing = "Nothing open fits. Try an easier trail or a place nearby.";
      say(data.count === 0 ? nothing : `${data.count} trails for you`);
      return data.cost;
    } else fail(data);
  }
  return undefined;
}

function addPages(pages) {
  const known = new Set([...element("pages").children].map((page) => page.textContent));
  const titles = pages.map(({ title }) => `Read “${title}”`).filter((title) => !known.has(title));
  element("pages").append(...titles.map((title) => node("li", "", title)));
}

function addTrail({ name, near, difficulty, miles, why, advice }) {
  const level = ["easy", "moderate", "hard"].includes(difficulty) ? `level-${difficulty}` : "";
  const facts = node("div", "facts");
  facts.append(node("strong", level, difficulty), node("span", "", `${miles} miles`), node("span", "", near));
  const trail = node("li", "trail");
  trail.append(node("h2", "", name), facts, node("p", "", why), node("p", "advice", advice));
  element("trails").append(trail);
}

async function rate({ target }) {
  if (target.dataset.helpful === undefined) return;
  const response = await fetch("/api/trails/feedback", {
    method: "POST",
    headers: { "content-type": "application/json", ...headers() },
    body: JSON.stringify({ searchId, helpful: target.dataset.helpful === "true" }),
  });
  if (!response.ok) return;
  element("rate").hidden = true;
  element("thanks").hidden = false;
}
