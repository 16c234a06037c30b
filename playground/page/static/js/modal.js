// Shows a modal of the bot and submits the answers.

import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { markdown } from "./markdown.js";
import { modalField } from "./modal_fields.js";

/** Show the modal of a frame; it closes once its answers are accepted. `page` has world, connection and server. */
export function openModal(frame, page) {
  const { title, components } = frame.modal;
  const fields = [];
  const error = el("p", { class: "error", role: "alert" });
  const submit = el("button", {
    type: "submit",
    class: "button primary",
    text: "Submit",
    data: { test: "modal-submit" },
  });
  const cancel = el("button", {
    type: "button",
    class: "button secondary",
    text: "Cancel",
    on: { click: () => dialog.close() },
  });
  const send = async (event) => {
    event.preventDefault();
    fill(error);
    submit.setAttribute("aria-busy", "true");
    try {
      const values = Object.fromEntries(
        await Promise.all(fields.map(async (field) => [field.id, await field.value()])),
      );
      await page.connection.ask("modal", { interaction_id: frame.interaction_id, values });
      dialog.close();
    } catch (failure) {
      error.textContent = failure.message;
    }
    submit.removeAttribute("aria-busy");
  };
  const form = el(
    "form",
    { novalidate: true, on: { submit: send, input: () => fill(error) } },
    components.map((component) => draw(component, fields, page)),
    error,
    el("footer", {}, cancel, submit),
  );
  const close = el(
    "button",
    { type: "button", class: "icon-button", "aria-label": "Close", on: { click: () => dialog.close() } },
    icon("close"),
  );
  const head = el("header", {}, el("h2", { id: "modal-title", text: title }), close);
  const dialog = el(
    "dialog",
    { class: "modal", "aria-labelledby": "modal-title", data: { test: "modal" }, on: { close: () => dialog.remove() } },
    head,
    form,
  );
  document.body.append(dialog);
  dialog.showModal();
  dialog.querySelector("textarea, input, .select, .upload button")?.focus();
}

function draw(component, fields, page) {
  if (component.type === 10) return el("div", { class: "text-display" }, markdown(component.content, page.world));
  if (component.type === 18) return labelled(component.label, component.description, component.component, fields, page);
  if (component.type === 1)
    return el(
      "div",
      {},
      component.components.map((field) => labelled(field.label, null, field, fields, page)),
    );
  return null;
}

function labelled(label, description, component, fields, page) {
  const field = modalField(component, label, page);
  fields.push(field);
  const required =
    component.required !== false ? el("span", { class: "required", "aria-hidden": "true", text: " *" }) : null;
  const about = description ? el("p", { class: "md-small", id: `${field.key}-about`, text: description }) : null;
  if (about) field.control.setAttribute("aria-describedby", about.id);
  return el("div", { class: "modal-field" }, el("label", { for: field.key }, label, required), about, field.node);
}
