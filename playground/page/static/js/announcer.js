// Announces events to screen readers.

import { el } from "./dom.js";

/** Make a hidden live region; the returned function announces a text. */
export function announcer() {
  const place = el("div", { class: "hidden-text", role: "status", "aria-live": "polite", data: { test: "announcer" } });
  document.body.append(place);
  return (text) => {
    place.textContent = place.textContent === text ? `${text}\u00a0` : text;
  };
}
