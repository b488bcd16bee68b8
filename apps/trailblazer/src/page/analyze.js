import { element, enableButtons, fail, headers, node, run, say, showAfter, suggestVehicle } from "./shell.js";

const form = element("question");
const photos = element("photos");

photos.addEventListener("change", preview);
element("sample").addEventListener("click", takeSample);
form.addEventListener("submit", (event) => {
  event.preventDefault();
  void run(form, analyze);
});
suggestVehicle(form);
enableButtons();

async function analyze(signal) {
  element("report").hidden = true;
  say("Looking at it …", "busy");
  const request = { method: "POST", headers: headers(), body: new FormData(form), signal };
  const response = await fetch("/api/photos/analyze", request);
  const answer = await response.json();
  const id = response.headers.get("x-payi-use-case-id");
  if (response.ok) {
    show(answer);
    showAfter("trail_analysis", id, response.headers.get("x-payi-cost"));
  } else fail(answer);
}

function show({ terrain, difficulty, obstacles, vehicleAdvice }) {
  say("This is what can be seen");
  const facts = node("div", "facts");
  const level = ["level-easy", "level-easy", "level-moderate", "level-hard", "level-hard"][difficulty - 1];
  facts.append(
    node("strong", level, `difficulty ${difficulty} of 5`),
    ...obstacles.map((text) => node("span", "", text)),
  );
  element("report").replaceChildren(node("h2", "", terrain), facts, node("p", "advice", vehicleAdvice));
  element("report").hidden = false;
}

function preview() {
  const shown = [...photos.files].map((file) =>
    Object.assign(new Image(), { src: URL.createObjectURL(file), alt: file.name }),
  );
  for (const old of element("previews").children) URL.revokeObjectURL(old.src);
  element("previews").replaceChildren(...shown);
  element("previews").hidden = shown.length === 0;
}

async function takeSample() {
  const bytes = await (await fetch("sample-trail.jpg")).blob();
  const chosen = new DataTransfer();
  chosen.items.add(new File([bytes], "sample-trail.jpg", { type: "image/jpeg" }));
  photos.files = chosen.files;
  preview();
}
