import { readEvents } from "./read-events.js";

const element = (id) => document.querySelector(`#${id}`);
const form = element("search");
const settings = await (await fetch("/api/settings")).json();

element("person").replaceChildren(
  ...settings.people.map(({ id, name, account }) => new Option(`${name} · ${account}`, id)),
);
element("model").replaceChildren(...settings.models.map((model) => new Option(model, model)));
element("fault-field").hidden = !settings.simulated;
element("person").addEventListener("change", suggestVehicle);
element("stop").addEventListener("click", () => running?.abort());
element("rate").addEventListener("click", rate);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  void search();
});
suggestVehicle();

/** Aborts the search under way. */
let running;
/** Id of the last search: its instance in Payi. */
let searchId;

function suggestVehicle() {
  const { vehicle } = settings.people.find(({ id }) => id === element("person").value);
  form.elements.vehicleMake.value = vehicle.make;
  form.elements.vehicleModel.value = vehicle.model;
}

async function search() {
  start();
  try {
    const response = await fetch("/api/trails/search", {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-user-id": element("person").value,
        ...faultHeaders(),
      },
      body: JSON.stringify(Object.fromEntries(new FormData(form))),
      signal: running.signal,
    });
    searchId = response.headers.get("x-payi-use-case-id");
    if (response.ok) await show(response);
    else fail(await response.json());
  } catch (error) {
    if (running.signal.aborted) say("Stopped. What was generated until now is on the bill.");
    else fail({ title: "Trailblazer cannot be reached", detail: error.message });
  } finally {
    finish();
  }
}

async function show(response) {
  for await (const { name, data } of readEvents(response)) {
    if (name === "pages") addPages(data.pages);
    else if (name === "trail") addTrail(data.trail);
    else if (name === "failed") fail(data);
    else
      say(
        data.count === 0
          ? "Nothing open fits. Try an easier trail or a place nearby."
          : `${data.count} trails for you`,
      );
  }
}

function start() {
  running = new AbortController();
  searchId = undefined;
  element("outcome").hidden = false;
  element("after").hidden = true;
  element("rate").hidden = false;
  element("thanks").hidden = true;
  element("pages").replaceChildren();
  element("trails").replaceChildren();
  element("stop").hidden = false;
  form.querySelector(".primary").disabled = true;
  say(`Asking ${element("model").value} …`, "busy");
}

function finish() {
  element("stop").hidden = true;
  form.querySelector(".primary").disabled = false;
  if (searchId === undefined || searchId === null) return;
  element("after").hidden = false;
  element("rate").hidden = element("trails").childElementCount === 0;
  element("dashboard").href = `${settings.dashboardUrl}/use-cases/trail_finder/${searchId}`;
}

function say(text, kind = "") {
  element("status").className = `status ${kind}`;
  element("status").textContent = text;
}

function fail({ title, detail }) {
  say(detail ? `${title}: ${detail}` : title, "bad");
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

function node(tag, className, text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

function faultHeaders() {
  const fault = element("fault").value;
  return settings.simulated && fault !== "" ? { "x-simulate": fault } : {};
}

async function rate({ target }) {
  if (target.dataset.helpful === undefined) return;
  const response = await fetch("/api/trails/feedback", {
    method: "POST",
    headers: { "content-type": "application/json", "x-user-id": element("person").value },
    body: JSON.stringify({ searchId, helpful: target.dataset.helpful === "true" }),
  });
  if (!response.ok) return;
  element("rate").hidden = true;
  element("thanks").hidden = false;
}
