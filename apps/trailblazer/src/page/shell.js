/** What all pages share: the top, who is signed in, the status line, and what an answer has cost. */
import { placeFields } from "./fields.js";

placeFields();

export const element = (id) => document.querySelector(`#${id}`);
export const settings = await (await fetch("/api/settings")).json();

const PAGES = [
  ["/", "Find"],
  ["/analyze", "Analyze"],
  ["/plan", "Plan"],
  ["/admin", "Admin"],
];
const FAULTS = [
  ["", "No, let it work"],
  ["429", "Too many requests (429)"],
  ["retry-after:1", "Too many, retry after 1 s"],
  ["500", "Provider error (500)"],
  ["529", "Provider overloaded (529)"],
  ["slow:4000", "Slow: 4 seconds late"],
  ["cut:60", "Connection cut half-way"],
  ["no-usage", "Answer without usage"],
];

export function node(tag, className = "", text = "") {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

const person = node("select");
person.id = "person";
person.replaceChildren(
  ...settings.people.map(({ id, name, account }) => new Option(`${name} · ${account}`, id)),
);
person.value = sessionStorage.getItem("person") ?? settings.people[0].id;
person.addEventListener("change", () => sessionStorage.setItem("person", person.value));
element("top").append(brand(), links(), labelled("who", "Signed in as", person));

element("places")?.replaceChildren(...settings.places.map((place) => new Option(place)));

const fault = node("select");
fault.id = "fault";
fault.replaceChildren(...FAULTS.map(([value, text]) => new Option(text, value)));
element("fault-field")?.replaceChildren(node("span", "", "Make it fail"), fault);
if (settings.simulated) element("fault-field")?.removeAttribute("hidden");

/** The headers of a request in the name of whoever is signed in. */
export function headers() {
  const faults = settings.simulated && fault.value !== "" ? { "x-simulate": fault.value } : {};
  return { "x-user-id": person.value, ...faults };
}

/** Fills in the vehicle of whoever is signed in, now and when that changes. */
export function suggestVehicle(form) {
  const suggest = () => {
    const { vehicle } = settings.people.find(({ id }) => id === person.value);
    form.elements.vehicleMake.value = vehicle.make;
    form.elements.vehicleModel.value = vehicle.model;
  };
  person.addEventListener("change", suggest);
  suggest();
}

/** Buttons are disabled until somebody listens: a form would send itself, and what was asked would be lost. */
export function enableButtons() {
  for (const button of document.querySelectorAll("main button:disabled")) button.disabled = false;
}

export function say(text, kind = "") {
  element("status").className = `status ${kind}`;
  element("status").textContent = text;
}

/** Says what a problem+json comes down to. */
export function fail({ title, detail, limitName }) {
  const more = detail || limitName;
  say(more ? `${title}: ${more}` : title, "bad");
}

/** Runs one question from its form: the button waits, Stop stops it, and a failure is told. */
export async function run(form, ask) {
  const running = new AbortController();
  const stop = () => running.abort();
  element("stop").addEventListener("click", stop);
  element("stop").hidden = false;
  element("outcome").hidden = false;
  element("after").hidden = true;
  form.querySelector(".primary").disabled = true;
  try {
    await ask(running.signal);
  } catch (error) {
    if (running.signal.aborted) say("Stopped. What was generated until now is on the bill.");
    else fail({ title: "Trailblazer cannot be reached", detail: error.message });
  } finally {
    element("stop").hidden = true;
    element("stop").removeEventListener("click", stop);
    form.querySelector(".primary").disabled = false;
  }
}

/** Shows what an answer has cost, what the judge says about it, and where the dashboard has it. */
export function showAfter(useCase, id, cost) {
  if (id === null) return;
  const after = element("after");
  for (const old of after.querySelectorAll(".told")) old.remove();
  after.hidden = false;
  if (cost !== undefined) {
    after.append(
      node("p", "told cost", cost === null ? "Its cost is not known yet" : `This answer cost $${cost}`),
    );
  }
  const link = node("a", "told", "See it on the dashboard →");
  Object.assign(link, { id: "dashboard", target: "_blank", rel: "noopener" });
  link.href = `${settings.dashboardUrl}/use-cases/${useCase}/${id}`;
  after.append(link);
  if (cost !== undefined) void showVerdict(id, after);
}

const ASK_AGAIN_MS = 500;
const MOST_ASKED = 60;

async function showVerdict(id, after) {
  const line = node("p", "told verdict", "");
  after.append(line);
  for (let asked = 0; asked < MOST_ASKED && line.isConnected; asked += 1) {
    /* oxlint-disable no-await-in-loop -- asked again until the judge has spoken */
    const response = await fetch(`/api/verdicts/${id}`);
    if (response.status !== 200) return;
    const { state, verdict, cost } = await response.json();
    if (state === "judged") {
      const scores = ["accuracy", "safety", "helpfulness"].map((name) => `${name} ${verdict[name]}/5`);
      const bill = cost === null ? "What that cost is not known." : `The judge cost $${cost}.`;
      line.textContent = `The judge: ${scores.join(", ")}. ${verdict.reason} ${bill}`;
      return;
    }
    line.textContent = state === "failed" ? "The judge came to no verdict." : "The judge is reading …";
    if (state === "failed") return;
    await new Promise((resolve) => setTimeout(resolve, ASK_AGAIN_MS));
    /* oxlint-enable no-await-in-loop */
  }
  line.textContent = "The judge takes longer than usual; the dashboard shows its scores once it has spoken.";
}

function brand() {
  const link = node("a", "brand");
  link.href = "/";
  const mark = Object.assign(new Image(28, 28), { src: "mark.svg", alt: "" });
  link.append(mark, "Trailblazer");
  return link;
}

function links() {
  const list = node("nav", "links");
  for (const [path, text] of PAGES) {
    const link = node("a", "", text);
    link.href = path;
    if (path === location.pathname) link.setAttribute("aria-current", "page");
    list.append(link);
  }
  return list;
}

function labelled(className, text, field) {
  const label = node("label", className);
  label.append(node("span", "", text), field);
  return label;
}

/** Asks the app with what a form says, as the person who was chosen. */
export function postForm(path, form, signal) {
  return fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers() },
    body: JSON.stringify(Object.fromEntries(new FormData(form))),
    signal,
  });
}
