/** The fields that several forms have. */
function textField(text, name) {
  const label = document.createElement("label");
  label.className = "field";
  const input = Object.assign(document.createElement("input"), { name, maxLength: 80, required: true });
  input.autocomplete = "off";
  label.append(captioned("span", text), input);
  return label;
}

function choices(text, name, values, chosen) {
  const set = document.createElement("fieldset");
  set.className = "field choices";
  set.append(captioned("legend", text));
  for (const value of values) {
    const label = document.createElement("label");
    const input = Object.assign(document.createElement("input"), { type: "radio", name, value });
    input.defaultChecked = value === chosen;
    label.append(input, captioned("span", value.charAt(0).toUpperCase() + value.slice(1)));
    set.append(label);
  }
  return set;
}

function captioned(tag, text) {
  return Object.assign(document.createElement(tag), { textContent: text });
}

const FIELDS = {
  vehicle: () => [textField("Vehicle make", "vehicleMake"), textField("Vehicle model", "vehicleModel")],
  difficulty: () => [choices("Difficulty", "difficulty", ["easy", "moderate", "hard"], "moderate")],
};

/** Where the page says `<div data-fields="vehicle">`, its fields stand instead. */
export function placeFields() {
  for (const place of document.querySelectorAll("[data-fields]")) {
    place.replaceWith(...FIELDS[place.dataset.fields]());
  }
}
