// A picture at its full size, over the page.

import { el } from "./dom.js";

/** Show what `image` shows, until it is pressed or Escape is. */
export function enlarge(image) {
  const dialog = el("dialog", {
    class: "lightbox",
    "aria-label": image.alt || "Picture",
    on: { click: () => dialog.close(), close: () => dialog.remove() },
  });
  const close = el("button", { type: "button", class: "button secondary", text: "Close" });
  dialog.append(el("img", { src: image.src, alt: image.alt }), el("p", { class: "caption", text: image.alt }), close);
  document.body.append(dialog);
  dialog.showModal();
}
