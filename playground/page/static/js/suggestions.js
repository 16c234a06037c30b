// A list of suggestions above a text field; the field keeps the focus.

import { el, fill } from "./dom.js";

let number = 0;

export class Suggestions {
  #shown = [];
  #at = 0;

  /** `choose` is called with the chosen item. Items are {label, about, value, picture}. */
  constructor(input, label, choose) {
    this.input = input;
    this.choose = choose;
    this.id = `suggestions-${++number}`;
    this.list = el("div", {
      id: this.id,
      class: "suggestions",
      role: "listbox",
      "aria-label": label,
      hidden: true,
      data: { test: "suggestions" },
    });
    for (const [name, value] of Object.entries({
      role: "combobox",
      "aria-autocomplete": "list",
      "aria-controls": this.id,
      "aria-expanded": "false",
    }))
      input.setAttribute(name, value);
    // A press would move the focus away from the field and close the list before the click.
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    input.addEventListener("blur", () => this.hide());
  }

  get open() {
    return !this.list.hidden;
  }

  /** Show `items`; an empty list hides the suggestions. */
  show(items, title = "") {
    this.#shown = items;
    this.#at = 0;
    const head = title ? el("p", { class: "menu-title", "aria-hidden": "true", text: title }) : null;
    fill(
      this.list,
      head,
      items.map((item, index) => this.#draw(item, index)),
    );
    this.list.hidden = !items.length;
    this.input.setAttribute("aria-expanded", String(this.open));
    this.#mark();
  }

  hide() {
    if (this.open) this.show([]);
  }

  /** Handle a key; true if the list used it. */
  key(event) {
    if (!this.open || event.isComposing) return false;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const by = event.key === "ArrowDown" ? 1 : -1;
      this.#at = (this.#at + by + this.#shown.length) % this.#shown.length;
      this.#mark();
    } else if ((event.key === "Enter" && !event.shiftKey) || event.key === "Tab") {
      this.choose(this.#shown[this.#at]);
    } else if (event.key === "Escape") {
      this.hide();
    } else {
      return false;
    }
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  #draw(item, index) {
    const props = { class: "option", role: "option", id: `${this.id}-${index}`, "aria-selected": "false" };
    const on = {
      click: () => this.choose(item),
      pointermove: () => index !== this.#at && this.#mark((this.#at = index)),
    };
    const words = el(
      "span",
      { class: "menu-words" },
      el("span", { text: item.label }),
      item.about ? el("small", { text: item.about }) : null,
    );
    return el(
      "div",
      { ...props, on },
      item.picture ?? null,
      words,
      item.hint ? el("small", { class: "hint", text: item.hint }) : null,
    );
  }

  #mark() {
    const options = [...this.list.querySelectorAll(".option")];
    options.forEach((option, index) => {
      option.classList.toggle("active", index === this.#at);
      option.setAttribute("aria-selected", String(index === this.#at));
    });
    options[this.#at]?.scrollIntoView({ block: "nearest" });
    if (options.length) this.input.setAttribute("aria-activedescendant", options[this.#at].id);
    else this.input.removeAttribute("aria-activedescendant");
  }
}
