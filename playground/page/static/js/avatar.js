// The avatar of an account: an initial on the account's colour, or the bot's symbol.

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { nameOf } from "./world.js";

const COLOURS = ["#7a5af8", "#0e9384", "#c4320a", "#3538cd", "#c11574", "#4f7a28", "#b54708", "#026aa2"];

/** Draw the account's avatar; screen readers skip it, since the name is shown next to it. */
export function avatar(account) {
  const colour = account.bot ? "#4264e0" : (account.avatar_colour ?? COLOURS[Number(BigInt(account.id) % 8n)]);
  const mark = account.bot ? icon("play") : nameOf(account).slice(0, 1).toUpperCase();
  return el(
    "span",
    { class: account.bot ? "avatar bot" : "avatar", "aria-hidden": "true", style: { "--colour": colour } },
    mark,
  );
}
