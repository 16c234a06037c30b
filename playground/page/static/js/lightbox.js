// Shows a picture at full size over the page.

import { el } from "./dom.js";

/** Show `image` at full size until a click or Escape. */
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
