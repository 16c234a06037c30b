// A menu of actions: arrows, first letters, Enter, Escape.

import { el } from "./dom.js";
import { float } from "./floating.js";
import { icon } from "./icons.js";

/**
 * Open a menu next to `anchor`. Each of `groups` is {title, items}; an item is {label, lang, about, icon, picture, act,
 * danger, checked}. An item with `checked` set is a radio item.
 */
export function openMenu(anchor, label, groups, options = {}) {
  let close = () => {};
  const filled = groups.filter(({ items }) => items.length);
  const box = el(
    "div",
    { class: "menu", role: "menu", "aria-label": label, data: { test: "menu" } },
    filled.map((group) => drawGroup(group, () => close())),
  );
  close = float(box, anchor, options);
  box.addEventListener("keydown", (event) => move(event, box, close));
  (box.querySelector("[aria-checked=true]") ?? box.querySelector("button"))?.focus({ preventScroll: true });
  return close;
}

function drawGroup({ title, items }, close) {
  const head = title ? el("p", { class: "menu-title", "aria-hidden": "true", text: title }) : null;
  return el(
    "div",
    { role: "group", "aria-label": title },
    head,
    items.map((item) => drawItem(item, close)),
  );
}

function drawItem(item, close) {
  const choice = item.checked !== undefined;
  const props = {
    type: "button",
    role: choice ? "menuitemradio" : "menuitem",
    "aria-checked": choice ? String(item.checked) : null,
    tabindex: -1,
    class: item.danger ? "danger" : null,
  };
  const press = () => {
    close();
    item.act();
  };
  const words = el(
    "span",
    { class: "menu-words" },
    el("span", { text: item.label, lang: item.lang }),
    item.about ? el("small", { text: item.about }) : null,
  );
  const mark = choice && item.checked ? icon("check") : item.icon ? icon(item.icon) : null;
  return el("button", { ...props, on: { click: press } }, item.picture ?? null, words, mark);
}

function move(event, box, close) {
  const items = [...box.querySelectorAll("button")];
  const at = items.indexOf(document.activeElement);
  const to = { ArrowDown: items[at + 1] ?? items[0], ArrowUp: items.at(at - 1), Home: items[0], End: items.at(-1) }[
    event.key
  ];
  if (to) {
    event.preventDefault();
    to.focus();
  } else if (event.key === "Tab") {
    event.preventDefault();
    close();
  } else if (event.key.length === 1 && event.key !== " ") {
    const after = [...items.slice(at + 1), ...items.slice(0, at + 1)];
    after.find((item) => item.textContent.toLowerCase().startsWith(event.key.toLowerCase()))?.focus();
  }
}
