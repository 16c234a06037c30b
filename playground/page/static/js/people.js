// Shows the person that the page acts as, and switches to another one.

import { avatar } from "./avatar.js";
import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { nameOf } from "./world.js";

const MAY = {
  member: "uses /video, sees their own usage",
  moderator: "also reads /usage and blocks members",
  "server owner": "also sets limits",
};

/** Draw the button with the present person; it opens the list. `switchTo` is called with the id of the chosen one. */
export function drawMe(button, world, switchTo) {
  const me = world.people.find(({ id }) => id === world.me.id) ?? world.me;
  const words = el(
    "span",
    { class: "menu-words" },
    el("span", {}, el("b", { text: nameOf(me) }), " ", el("small", { text: me.note ?? "" })),
    el("small", { text: "Switch person" }),
  );
  fill(button, avatar(me), words, icon("swap"));
  button.title = "Switch person";
  button.setAttribute("aria-label", `You are ${nameOf(me)}, ${me.note ?? "member"}. Switch person`);
  button.onclick = () => openPeople(button, world, switchTo);
}

function openPeople(anchor, world, switchTo) {
  const items = world.people.map((person) => ({
    label: nameOf(person),
    about: `${person.note ?? "member"}: ${MAY[person.note] ?? "a member of the server"}`,
    picture: avatar(person),
    checked: person.id === world.me.id,
    act: () => person.id !== world.me.id && switchTo(person.id),
  }));
  openMenu(anchor, "Switch person", [{ title: "Switch person", items }]);
}
