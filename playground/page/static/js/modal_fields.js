// The fields of a modal: text, selects of all kinds, files, radio buttons, checkboxes.

import { el } from "./dom.js";
import { FileTray } from "./files.js";
import { icon } from "./icons.js";
import { openPicker } from "./picker.js";
import { boundsOf, choicesOf, chosenOf } from "./selects.js";

const TEXT = 4,
  FILES = 19,
  RADIO = 21,
  CHECKBOXES = 22,
  CHECKBOX = 23;
const LONG = 2; // style of a text input
let number = 0;

/**
 * Make the field of a component: {id, key, node, control, value}. `value` gives what Discord would send, maybe after an
 * upload; it throws an Error with a sentence where the field is not filled correctly. `node` has "input" events.
 */
export function modalField(component, label, page) {
  const key = `field-${++number}`;
  const makers = { [TEXT]: text, [FILES]: files, [RADIO]: group, [CHECKBOXES]: group, [CHECKBOX]: checkbox };
  const field = (makers[component.type] ?? select)(component, { key, label, page });
  return { id: component.custom_id, key, control: field.node, ...field };
}

function text(component, { key, label }) {
  const most = component.max_length ?? 4000;
  const props = {
    id: key,
    class: "field",
    name: component.custom_id,
    placeholder: component.placeholder,
    maxlength: most,
    required: component.required !== false,
  };
  const long = component.style === LONG;
  const input = el(long ? "textarea" : "input", long ? { ...props, rows: 5 } : { ...props, type: "text" });
  input.value = component.value ?? "";
  const count = el("span", { class: "count", "aria-hidden": "true" });
  const show = () => (count.textContent = `${input.value.length} / ${most}`);
  input.addEventListener("input", show);
  show();
  const value = () => {
    if (component.required !== false && !input.value) refuse(input, `“${label}” is empty.`);
    const least = component.min_length ?? 0;
    if (input.value && input.value.length < least) refuse(input, `“${label}” takes ${least} characters or more.`);
    return input.value;
  };
  return { node: el("div", { class: "counted" }, input, count), control: input, value };
}

function select(component, { key, label, page }) {
  const choices = choicesOf(component, page.world);
  let chosen = chosenOf(component, page.world).map(({ value }) => value);
  const words = el("span");
  const button = el(
    "button",
    { type: "button", id: key, class: "select", "aria-haspopup": "listbox", data: { select: component.custom_id } },
    words,
    icon("down"),
  );
  const show = () => {
    const labels = choices.filter(({ value }) => chosen.includes(value)).map((choice) => choice.label);
    words.textContent = labels.join(", ") || component.placeholder || "Make a selection";
    words.className = labels.length ? "chosen" : "placeholder";
    button.setAttribute("aria-label", `${label}: ${words.textContent}`);
  };
  const done = (values) => {
    show((chosen = values));
    tellInput(button);
  };
  button.addEventListener("click", () => openPicker(button, { label, choices, chosen, ...boundsOf(component), done }));
  show();
  const value = () =>
    chosen.length || component.required === false ? chosen : refuse(button, `“${label}”: please choose.`);
  return { node: button, value };
}

function files(component, { key, label, page }) {
  const { least, most } = boundsOf(component);
  const tray = new FileTray({ id: key, most, label, server: page.server, changed: () => tellInput(tray.node) });
  const value = async () => {
    if (component.required !== false && tray.files.length < Math.max(1, least))
      refuse(tray.button, `“${label}”: please choose a file.`);
    return tray.uploaded();
  };
  return { node: tray.node, control: tray.button, value };
}

function group(component, { key, label }) {
  const one = component.type === RADIO;
  const inputs = component.options.map((option) =>
    el("input", { type: one ? "radio" : "checkbox", name: key, value: option.value, checked: option.default }),
  );
  const lines = component.options.map((option, index) => {
    const about = option.description ? el("small", { text: option.description }) : null;
    return el("label", { class: "tick" }, inputs[index], el("span", {}, option.label, about));
  });
  const value = () => {
    const chosen = inputs.filter((input) => input.checked).map((input) => input.value);
    if (!chosen.length && component.required !== false) refuse(inputs[0], `“${label}”: please choose.`);
    return one ? (chosen[0] ?? null) : chosen;
  };
  return { node: el("div", { id: key, role: one ? "radiogroup" : "group", "aria-label": label }, lines), value };
}

function checkbox(component, { key, label }) {
  const input = el("input", { type: "checkbox", id: key, checked: component.default, "aria-label": label });
  return { node: input, value: () => input.checked };
}

function tellInput(node) {
  node.dispatchEvent(new Event("input", { bubbles: true }));
}

function refuse(control, sentence) {
  control.focus();
  throw new Error(sentence);
}
