import { element, fail, headers, node, say } from "./shell.js";

element("person").addEventListener("change", () => void ask("GET", ""));
element("setup").addEventListener("click", () => void setUp());
element("free").addEventListener("click", () => void ask("DELETE", "/daily-limit"));
element("judge").addEventListener(
  "change",
  () => void ask("PUT", "/judge", { model: element("judge").value }),
);
element("daily").addEventListener("submit", (event) => {
  event.preventDefault();
  void ask("PUT", "/daily-limit", { usd: element("usd").value });
});
await ask("GET", "");

async function setUp() {
  say("Setting up …", "busy");
  await ask("POST", "/setup");
}

/** One thing after the other: what is shown is how things stand after the last one. */
async function ask(method, path, body) {
  const buttons = [...document.querySelectorAll("button")];
  for (const button of buttons) button.disabled = true;
  try {
    await send(method, path, body);
  } catch (error) {
    fail({ title: "Trailblazer cannot be reached", detail: error.message });
  } finally {
    for (const button of buttons) button.disabled = false;
  }
}

async function send(method, path, body) {
  const json = body === undefined ? {} : { body: JSON.stringify(body) };
  const response = await fetch(`/api/admin${path}`, {
    method,
    headers: { "content-type": "application/json", ...headers() },
    ...json,
  });
  const answer = await response.json();
  if (response.ok) show(answer);
  else fail(answer);
}

function show({ useCases, limits, judge, report = [] }) {
  say(report.length === 0 ? "" : `${report.filter(({ outcome }) => outcome === "created").length} created`);
  list("report", report, ({ kind, name, outcome }) => [`${kind} ${name}`, outcome]);
  list("limits", limits, ({ name, type, max, spent }) => [name, `$${spent} of $${max}, ${VERBS[type]}`]);
  if (limits.length === 0) element("limits").append(node("li", "quiet", "None yet."));
  list("use-cases", useCases, ({ name, description, version, kpis }) => [
    `${name} · version ${version}`,
    `${description}. KPIs: ${kpis.map((kpi) => kpi.name).join(", ")}`,
  ]);
  element("judge").replaceChildren(...judge.models.map((model) => new Option(model, model)));
  element("judge").value = judge.model;
}

const VERBS = { allow: "warns", block: "refuses" };

function list(id, items, describe) {
  element(id).replaceChildren(
    ...items.map((item) => {
      const line = node("li");
      const [first, second] = describe(item);
      line.append(node("strong", "", first), node("span", "quiet", second));
      return line;
    }),
  );
}
