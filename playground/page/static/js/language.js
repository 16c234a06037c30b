// Shows the language that the person's Discord is set to, and sets it to another one.

import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";

/** Draw the button with the present language; it opens the list. `speak` is called with the locale of the chosen one. */
export function drawLanguage(button, world, speak) {
  const present = world.languages.find(({ locale }) => locale === world.me.locale);
  fill(button, icon("globe"), el("span", { text: present.name, lang: present.locale }));
  button.title = "Language in which Kinora answers you";
  button.setAttribute("aria-label", `Language: ${present.name}`);
  button.onclick = () => openLanguages(button, world, speak);
}

function openLanguages(anchor, world, speak) {
  const items = world.languages.map(({ locale, name }) => ({
    label: name,
    lang: locale,
    checked: locale === world.me.locale,
    act: () => locale !== world.me.locale && speak(locale),
  }));
  openMenu(anchor, "Language", [{ title: "Language of your Discord", items }]);
}
