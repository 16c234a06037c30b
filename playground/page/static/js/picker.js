// A list to choose one or several values from, with a search field where it is long.

import { avatar } from "./avatar.js";
import { el, fill } from "./dom.js";
import { float } from "./floating.js";
import { icon } from "./icons.js";

const SEARCHED_FROM = 8; // choices

/**
 * Open a list next to `anchor`. `choices` are {value, label, about, account}. `done` is called with the chosen values:
 * at once where one may be chosen, when the list closes where several may, and not at all when nothing changed.
 */
export function openPicker(anchor, { label, choices, chosen = [], least = 1, most = 1, done }) {
  new Picker(anchor, { label, choices, least, most, done, chosen: new Set(chosen) }).open();
}

class Picker {
  constructor(anchor, options) {
    this.anchor = anchor;
    Object.assign(this, options);
    this.before = [...this.chosen].join();
    this.search = el("input", {
      class: "field",
      type: "text",
      placeholder: "Search",
      "aria-label": `Search: ${this.label}`,
      on: { input: () => this.draw() },
    });
    this.list = el("div", {
      class: "options",
      role: "listbox",
      tabindex: 0,
      "aria-label": this.label,
      "aria-multiselectable": this.most > 1 ? "true" : null,
    });
    this.searched = this.choices.length > SEARCHED_FROM;
  }

  open() {
    const hint =
      this.most > 1
        ? el("p", {
            class: "md-small",
            text: `Choose ${this.least === this.most ? "" : `${this.least} to `}${this.most}; Escape or Tab when done`,
          })
        : null;
    this.box = el(
      "div",
      { class: "picker", data: { test: "picker" } },
      this.searched ? this.search : null,
      this.list,
      hint,
    );
    this.box.style.minWidth = `${Math.round(this.anchor.getBoundingClientRect().width)}px`;
    this.draw();
    this.close = float(this.box, this.anchor, { onClose: () => this.closed() });
    this.anchor.setAttribute("aria-expanded", "true");
    this.box.addEventListener("keydown", (event) => this.key(event));
    (this.searched ? this.search : this.list).focus({ preventScroll: true });
  }

  draw() {
    const typed = this.search.value.trim().toLowerCase();
    this.shown = this.choices.filter(({ label, about }) => `${label} ${about ?? ""}`.toLowerCase().includes(typed));
    this.at = Math.max(
      0,
      this.shown.findIndex(({ value }) => this.chosen.has(value)),
    );
    const none = el("p", { class: "md-small", text: "Nothing found." });
    fill(this.list, this.shown.length ? this.shown.map((choice, index) => this.option(choice, index)) : none);
    this.mark();
  }

  option(choice, index) {
    const words = el(
      "span",
      { class: "menu-words" },
      el("span", { text: choice.label }),
      choice.about ? el("small", { text: choice.about }) : null,
    );
    const props = {
      class: "option",
      role: "option",
      id: `option-${index}`,
      "aria-selected": String(this.chosen.has(choice.value)),
      data: { value: choice.value },
    };
    const on = {
      click: () => this.choose(choice),
      pointermove: () => this.at !== index && this.mark((this.at = index)),
    };
    return el("div", { ...props, on }, choice.account ? avatar(choice.account) : null, words, icon("check"));
  }

  mark() {
    [...this.list.children].forEach((option, index) => option.classList.toggle("active", index === this.at));
    const active = this.list.children[this.at];
    active?.scrollIntoView?.({ block: "nearest" });
    for (const owner of [this.list, this.search]) owner.setAttribute("aria-activedescendant", active?.id ?? "");
  }

  key(event) {
    const to = { ArrowDown: this.at + 1, ArrowUp: this.at - 1, Home: 0, End: this.shown.length - 1 }[event.key];
    if (to !== undefined && this.shown.length) {
      this.at = (to + this.shown.length) % this.shown.length;
      this.mark();
    } else if (event.key === "Enter" || (event.key === " " && event.target !== this.search)) {
      if (this.shown[this.at]) this.choose(this.shown[this.at]);
    } else if (event.key === "Tab") {
      this.close();
    } else {
      return;
    }
    event.preventDefault();
  }

  choose({ value }) {
    if (this.most === 1) {
      const taken = this.chosen.has(value) && this.least === 0;
      this.chosen = new Set(taken ? [] : [value]);
      this.before = null; // choosing the same value again also counts as an answer
      return this.close();
    }
    if (this.chosen.has(value)) this.chosen.delete(value);
    else if (this.chosen.size < this.most) this.chosen.add(value);
    for (const option of this.list.children)
      option.setAttribute("aria-selected", String(this.chosen.has(option.dataset.value)));
  }

  closed() {
    this.anchor.removeAttribute("aria-expanded");
    const values = [...this.chosen];
    if (values.join() !== this.before && values.length >= this.least) this.done(values);
  }
}
