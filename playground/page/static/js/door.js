// The page that is shown where the address holds no key: its one button asks for the key and opens the playground.

import { applyTheme } from "./theme.js";

const button = document.getElementById("enter");
const error = document.getElementById("error");

async function enter() {
  error.textContent = "";
  button.setAttribute("aria-busy", "true");
  try {
    const response = await fetch("/enter", { method: "POST" });
    if (response.ok) return location.replace(`/?${new URLSearchParams(await response.json())}`);
    error.textContent = await response.text();
  } catch {
    error.textContent = "The playground does not answer. Is it still running?";
  }
  button.removeAttribute("aria-busy");
}

applyTheme();
button.addEventListener("click", enter);
