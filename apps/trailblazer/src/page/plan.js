import { readEvents } from "./read-events.js";
import {
  element,
  enableButtons,
  fail,
  node,
  postForm,
  run,
  say,
  showAfter,
  suggestVehicle,
} from "./shell.js";

const form = element("question");
const TOOLS = { look_up_trails: "Looked up trails", estimate_fuel: "Estimated fuel" };

form.addEventListener("submit", (event) => {
  event.preventDefault();
  void run(form, plan);
});
suggestVehicle(form);
enableButtons();

async function plan(signal) {
  element("tools").replaceChildren();
  element("plan").textContent = "";
  say("Planning …", "busy");
  let id = null;
  let cost;
  try {
    const response = await postForm("/api/trips/plan", form, signal);
    id = response.headers.get("x-payi-use-case-id");
    if (response.ok) cost = await show(response);
    else fail(await response.json());
  } finally {
    showAfter("trail_planner", id, cost);
  }
}

/** Resolves with what it cost; undefined for a plan that broke off. */
async function show(response) {
  for await (const { name, data } of readEvents(response)) {
    if (name === "tool") element("tools").append(node("li", "", TOOLS[data.name] ?? data.name));
    else if (name === "text") element("plan").append(data.text);
    else if (name === "done") {
      say("Your plan");
      return data.cost;
    } else fail(data);
  }
  return undefined;
}
