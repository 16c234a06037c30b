// The list of the open channel's messages: each is drawn once and then updated in place.

import { fill } from "./dom.js";
import { drawMessage } from "./message.js";
import { morph } from "./morph.js";
import { byAge } from "./world.js";

const AT_ONCE = 16; // messages drawn before the first frame
const SLICE = 8; // milliseconds of drawing per frame after that
const NEAR = 60; // pixels; within this distance the end counts as reached

export class Messages {
  #world;
  #list;
  #scroller;
  #items = new Map(); // message id -> list item
  #order = [];
  #follows = true;
  #filling = 0;
  #active = null;

  /** `scroller` is the element that scrolls and that holds `list`. */
  constructor(world, scroller, list) {
    this.#world = world;
    this.#scroller = scroller;
    this.#list = list;
    scroller.addEventListener("scroll", () => this.#noteScroll(), { passive: true });
    new ResizeObserver(() => this.#stay()).observe(list);
    new ResizeObserver(() => this.#stay()).observe(scroller);
    list.addEventListener("keydown", (event) => this.#move(event));
    list.addEventListener("focusin", (event) => this.#activate(event.target.closest(".message")));
  }

  /** Whether the newest message is in view. */
  get follows() {
    return this.#follows;
  }

  get count() {
    return this.#order.length;
  }

  /** Show the messages of the open channel; unless `fresh`, messages that are drawn already are kept. */
  show(fresh) {
    const messages = this.#world.in(this.#world.channelId);
    const turn = ++this.#filling;
    if (fresh) this.#clear();
    for (const id of this.#order.filter((id) => !messages.has(id))) this.remove(id);
    for (const id of [...this.#order]) this.put(id);
    const wanted = [...messages.keys()].sort(byAge);
    if (!this.#order.length) this.#prepend(wanted, AT_ONCE, Infinity);
    for (const id of wanted) if (!this.#items.has(id) && byAge(id, this.#order[0]) > 0) this.put(id);
    this.#fillLater(
      wanted.filter((id) => !this.#items.has(id)),
      turn,
    );
    if (fresh) this.toEnd();
  }

  /** Draw a message of the open channel that is new or has changed. */
  put(id) {
    const existing = this.#items.get(id);
    const at = existing ? this.#order.indexOf(id) : this.#place(id);
    const item = this.#draw(id, this.#order[at - 1]);
    if (existing) {
      this.#keepFocus(existing, () => morph(existing, item));
    } else {
      const next = this.#order[at];
      this.#order.splice(at, 0, id);
      this.#items.set(id, item);
      this.#list.insertBefore(item, next ? this.#items.get(next) : null);
      if (next) this.#redraw(next);
      this.#activateLast();
    }
    this.#stay();
  }

  /** Take a message off the list. */
  remove(id) {
    const at = this.#order.indexOf(id);
    if (at < 0) return;
    const item = this.#items.get(id);
    const hadFocus = item.contains(document.activeElement);
    const next = this.#order[at + 1];
    this.#order.splice(at, 1);
    this.#items.delete(id);
    item.remove();
    if (next) this.#redraw(next);
    this.#activateLast();
    if (hadFocus) this.focus(next ?? this.#order[at - 1]);
  }

  /** Scroll to a message and highlight it for a moment. False if it is not in the list. */
  jumpTo(id) {
    const item = this.#items.get(id);
    if (!item) return false;
    item.scrollIntoView({ block: "center" });
    this.focus(id);
    item.classList.add("flash");
    setTimeout(() => item.classList.remove("flash"), 1600);
    return true;
  }

  /** Scroll to the newest message and stay there. */
  toEnd() {
    this.#follows = true;
    this.#stay();
    this.#scroller.dispatchEvent(new CustomEvent("followed"));
  }

  /** Give a message the focus. */
  focus(id) {
    this.#items.get(id)?.focus({ preventScroll: true });
  }

  #clear() {
    this.#items.clear();
    this.#order = [];
    this.#active = null;
    fill(this.#list);
  }

  #draw(id, idBefore) {
    const messages = this.#world.in(this.#world.channelId);
    return drawMessage(messages.get(id), messages.get(idBefore), this.#world);
  }

  #redraw(id) {
    const at = this.#order.indexOf(id);
    morph(this.#items.get(id), this.#draw(id, this.#order[at - 1]));
  }

  #place(id) {
    let at = this.#order.length;
    while (at > 0 && byAge(this.#order[at - 1], id) > 0) at--;
    return at;
  }

  #fillLater(ids, turn) {
    if (!ids.length) return;
    requestAnimationFrame(() => {
      if (turn !== this.#filling) return;
      this.#prepend(ids, Infinity, performance.now() + SLICE);
      this.#fillLater(ids, turn);
    });
  }

  /** Draw the last of `ids` above the list and remove them from `ids`: at most `count`, and none after `until`. */
  #prepend(ids, count, until) {
    const messages = this.#world.in(this.#world.channelId);
    const drawn = [];
    while (ids.length && drawn.length < count && performance.now() < until) {
      const id = ids.pop();
      // Deleted in the meantime, or drawn already by an update.
      if (!messages.has(id) || this.#items.has(id)) continue;
      this.#items.set(id, drawMessage(messages.get(id), messages.get(ids.at(-1)), this.#world));
      drawn.unshift(id);
    }
    this.#order.unshift(...drawn);
    this.#list.prepend(...drawn.map((id) => this.#items.get(id)));
    this.#activateLast();
  }

  #keepFocus(item, change) {
    const focused = item.contains(document.activeElement) ? document.activeElement : null;
    change();
    // If the focused button is gone after the change, its message gets the focus, not the top of the page.
    if (focused && !focused.isConnected) item.focus({ preventScroll: true });
  }

  #noteScroll() {
    const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
    const follows = scrollHeight - scrollTop - clientHeight < NEAR;
    if (follows !== this.#follows) {
      this.#follows = follows;
      this.#scroller.dispatchEvent(new CustomEvent("followed"));
    }
  }

  #stay() {
    if (this.#follows) this.#scroller.scrollTop = this.#scroller.scrollHeight;
  }

  #activate(item) {
    if (!item || item === this.#active) return;
    this.#active?.setAttribute("tabindex", "-1");
    item.setAttribute("tabindex", "0");
    this.#active = item;
  }

  #activateLast() {
    if (!this.#active?.isConnected || !this.#active.contains(document.activeElement)) {
      this.#activate(this.#items.get(this.#order.at(-1)));
    }
  }

  /** The arrow keys move between messages, unless a control inside one has the focus. */
  #move(event) {
    const item = event.target;
    if (!item.classList.contains("message") || event.altKey || event.ctrlKey || event.metaKey) return;
    const to = {
      ArrowUp: item.previousElementSibling,
      ArrowDown: item.nextElementSibling,
      Home: this.#list.firstElementChild,
      End: this.#list.lastElementChild,
    }[event.key];
    if (!to) return;
    event.preventDefault();
    to.focus({ preventScroll: true });
    to.scrollIntoView({ block: "nearest" });
  }
}
