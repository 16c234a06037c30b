// What screen readers are told when something happens.

import { el } from "./dom.js";

/** A hidden place whose text screen readers speak. */
export function announcer() {
  const place = el("div", { class: "hidden-text", role: "status", "aria-live": "polite", data: { test: "announcer" } });
  document.body.append(place);
  return (text) => {
    place.textContent = place.textContent === text ? `${text}\u00a0` : text;
  };
}
