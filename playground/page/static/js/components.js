// Draws message components, version 1 and 2. message_events.js handles their clicks.

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { markdown } from "./markdown.js";
import { covered, fileCard, kindOf, medium } from "./media.js";
import { SELECTS, chosenOf } from "./selects.js";

const DRAW = {
  1: row,
  2: button,
  9: section,
  10: (component, world) => el("div", { class: "text-display" }, markdown(component.content ?? "", world)),
  11: thumbnail,
  12: gallery,
  13: file,
  14: (component) =>
    el("hr", { class: component.spacing === 2 ? "wide" : null, data: { divider: component.divider !== false } }),
  17: container,
};
const STYLES = { 1: "primary", 2: "secondary", 3: "success", 4: "danger", 5: "link", 6: "primary" };

/** Draw each of `components`. */
export function drawComponents(components, world) {
  let rows = 0;
  return components.map((component) => {
    const node = drawOne(component, world);
    if (component.type === 1) node.dataset.key = `row:${rows++}`;
    return node;
  });
}

function drawOne(component, world) {
  if (SELECTS.has(component.type)) return select(component, world);
  const draw = DRAW[component.type];
  return draw
    ? draw(component, world)
    : el("p", { class: "md-small", text: `(a component of kind ${component.type}, which this page cannot show)` });
}

function row(component, world) {
  return el(
    "div",
    { class: "row" },
    component.components.map((child) => drawOne(child, world)),
  );
}

function button(component) {
  const props = { class: `button ${STYLES[component.style] ?? "secondary"}`, disabled: component.disabled };
  const emoji = component.emoji?.name
    ? el("span", { class: "emoji", "aria-hidden": "true", text: component.emoji.name })
    : null;
  const label = component.label ?? component.emoji?.name ?? "";
  if (component.style === 5) {
    const link = { ...props, href: component.url, target: "_blank", rel: "noopener noreferrer" };
    return el("a", { ...link, data: { key: "link" } }, emoji, label, icon("link"));
  }
  const data = { press: component.custom_id, key: component.custom_id, test: "component-button" };
  return el(
    "button",
    { ...props, type: "button", "aria-label": emoji && !component.label ? label : null, data },
    emoji,
    component.label ?? "",
  );
}

function select(component, world) {
  const chosen = chosenOf(component, world);
  const text = chosen.length
    ? chosen.map((choice) => choice.label).join(", ")
    : (component.placeholder ?? "Make a selection");
  const data = { select: component.custom_id, key: component.custom_id, test: "component-select" };
  const props = {
    type: "button",
    class: "select",
    "aria-haspopup": "listbox",
    "aria-label": `${component.placeholder ?? "Select"}: ${text}`,
    disabled: component.disabled,
  };
  return el(
    "button",
    { ...props, data },
    el("span", { class: chosen.length ? "chosen" : "placeholder", text }),
    icon("down"),
  );
}

function section(component, world) {
  const texts = el("div", { class: "section-text" }, drawComponents(component.components, world));
  return el("div", { class: "section" }, texts, component.accessory ? drawOne(component.accessory, world) : null);
}

function thumbnail({ media, description, spoiler }) {
  return el("div", { class: "thumbnail" }, medium(media, { description, spoiler, small: true }));
}

function gallery({ items }) {
  const drawn = items.map(({ media, description, spoiler }) => medium(media, { description, spoiler }));
  const key = `gallery:${items.map(({ media }) => media.attachment_id ?? media.url).join()}`;
  return el("div", { class: "gallery", data: { count: items.length, key } }, drawn);
}

function file(component) {
  const card = { ...component.file, name: component.name, size: component.size };
  const drawn = kindOf({ ...card, filename: card.name }) === "video" ? medium(card) : fileCard(card);
  return component.spoiler ? covered(drawn, component.name) : drawn;
}

function container(component, world) {
  const colour = component.accent_color;
  const style = {
    "--accent-bar": colour === null || colour === undefined ? null : `#${colour.toString(16).padStart(6, "0")}`,
  };
  const box = el(
    "div",
    { class: "container", style, data: { test: "container" } },
    drawComponents(component.components, world),
  );
  return component.spoiler ? covered(box) : box;
}
