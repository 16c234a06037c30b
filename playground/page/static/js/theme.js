// The light or dark theme: the system's until the reader chooses one.

import { fill } from "./dom.js";
import { icon } from "./icons.js";

const STORED = "kinora-theme";
const system = matchMedia("(prefers-color-scheme: dark)");

/** Use the theme, and return it. */
export function applyTheme() {
  const theme = localStorage.getItem(STORED) ?? (system.matches ? "dark" : "light");
  document.documentElement.dataset.theme = theme;
  return theme;
}

/** Let `button` switch between light and dark. */
export function startTheme(button) {
  const draw = () => {
    const theme = applyTheme();
    const label = theme === "dark" ? "Light colours" : "Dark colours";
    button.setAttribute("aria-label", label);
    button.title = label;
    fill(button, icon(theme === "dark" ? "sun" : "moon"));
  };
  button.addEventListener("click", () => {
    localStorage.setItem(STORED, document.documentElement.dataset.theme === "dark" ? "light" : "dark");
    draw();
  });
  system.addEventListener("change", draw);
  draw();
}
