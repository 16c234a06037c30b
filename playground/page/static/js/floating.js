// Floating boxes: their position, and how they close.

const GAP = 6; // pixels

/**
 * Show `box` next to `anchor` (an element or {x, y}) until `close` is called, a click outside, or Escape.
 * Returns close. `onClose` is called once; the focus goes back to where it was.
 */
export function float(box, anchor, { onClose = () => {}, above = false } = {}) {
  const from = document.activeElement;
  const element = anchor instanceof Element ? anchor : null;
  // A dialog makes everything outside it inert, so a box for an element in a dialog goes into that dialog.
  (element?.closest("dialog") ?? document.body).append(box);
  box.classList.add("floating");
  place(box, element ? element.getBoundingClientRect() : new DOMRect(anchor.x, anchor.y, 0, 0), above);
  let open = true;
  const close = () => {
    if (!open) return;
    open = false;
    removeEventListener("pointerdown", outside, true);
    removeEventListener("keydown", escape, true);
    removeEventListener("resize", close);
    const hadFocus = box.contains(document.activeElement);
    box.remove();
    if (hadFocus && from?.isConnected) from.focus({ preventScroll: true });
    onClose();
  };
  const outside = (event) => box.contains(event.target) || element?.contains(event.target) || close();
  const escape = (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    close();
  };
  addEventListener("pointerdown", outside, true);
  addEventListener("keydown", escape, true);
  addEventListener("resize", close);
  return close;
}

function place(box, around, above) {
  const { width, height } = box.getBoundingClientRect();
  const left = Math.max(8, Math.min(around.left, innerWidth - width - 8));
  const below = around.bottom + GAP;
  const fitsBelow = below + height < innerHeight - 8;
  const top = above || !fitsBelow ? Math.max(8, around.top - GAP - height) : below;
  box.style.left = `${Math.round(left)}px`;
  box.style.top = `${Math.round(top)}px`;
}
