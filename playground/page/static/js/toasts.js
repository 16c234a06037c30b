// Short notifications at the edge of the page that disappear by themselves.

import { el } from "./dom.js";
import { icon } from "./icons.js";

const SHOWN = 7000; // milliseconds

export class Toasts {
  #place = el("div", { class: "toasts", role: "region", "aria-label": "Notifications", data: { test: "toasts" } });

  constructor() {
    document.body.append(this.#place);
  }

  /** Show `text`; `action` is {label, act}; `tone` is "info" or "bad", which screen readers announce at once. */
  show(text, { tone = "info", action = null, title = null } = {}) {
    const close = () => toast.remove();
    const act = () => {
      close();
      action.act();
    };
    const toast = el(
      "div",
      { class: `toast ${tone}`, role: tone === "bad" ? "alert" : "status", data: { test: "toast" } },
      el("div", { class: "toast-words" }, title ? el("b", { text: title }) : null, el("span", { text })),
      action ? el("button", { type: "button", class: "button primary", text: action.label, on: { click: act } }) : null,
      el(
        "button",
        { type: "button", class: "icon-button", "aria-label": "Close", on: { click: close } },
        icon("close"),
      ),
    );
    this.#place.append(toast);
    this.#leave(toast);
  }

  // It stays while it has the pointer or the focus.
  #leave(toast) {
    setTimeout(() => (toast.matches(":hover, :focus-within") ? this.#leave(toast) : toast.remove()), SHOWN);
  }
}
