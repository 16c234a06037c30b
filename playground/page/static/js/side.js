// The side panel with its two tabs, and the drawer of channels on a small screen.

const WIDE = matchMedia("(min-width: 1180px)");
const STORED = "kinora-side";

/** Make the tabs of the panel work; `toggle` folds it, `close` is its own button. */
export function startSide({ side, toggle, close }) {
  const show = (open, remember = true) => {
    side.hidden = !open;
    toggle.setAttribute("aria-expanded", String(open));
    document.body.classList.toggle("with-side", open);
    if (remember) localStorage.setItem(STORED, open ? "open" : "folded");
  };
  toggle.addEventListener("click", () => show(side.hidden));
  const fold = () => {
    show(false);
    toggle.focus();
  };
  close.addEventListener("click", fold);
  side.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && fold());
  show(WIDE.matches && localStorage.getItem(STORED) !== "folded", false);
  startTabs(side);
}

function startTabs(side) {
  const tabs = [...side.querySelectorAll("[role=tab]")];
  const choose = (tab) => {
    for (const each of tabs) {
      each.setAttribute("aria-selected", String(each === tab));
      each.tabIndex = each === tab ? 0 : -1;
      side.querySelector(`#${each.getAttribute("aria-controls")}`).hidden = each !== tab;
    }
  };
  for (const tab of tabs) {
    tab.addEventListener("click", () => choose(tab));
    tab.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      const next = tabs[(tabs.indexOf(tab) + 1) % tabs.length];
      choose(next);
      next.focus();
    });
  }
  choose(tabs[0]);
}

/** Let `button` show the channels on a small screen; a click outside or Escape hides them. */
export function startDrawer(drawer, button) {
  const show = (open) => {
    document.body.classList.toggle("with-drawer", open);
    button.setAttribute("aria-expanded", String(open));
    if (open) drawer.querySelector("[aria-current=page]")?.focus();
  };
  button.addEventListener("click", () => show(!document.body.classList.contains("with-drawer")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !document.body.classList.contains("with-drawer")) return;
    show(false);
    button.focus();
  });
  document.addEventListener("pointerdown", (event) => {
    const outside =
      !drawer.contains(event.target) && !button.contains(event.target) && !event.target.closest(".floating");
    if (outside && document.body.classList.contains("with-drawer")) show(false);
  });
  return () => show(false);
}
