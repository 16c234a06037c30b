// Draws embeds.

import { written } from "./clock.js";
import { el } from "./dom.js";
import { markdown } from "./markdown.js";
import { medium } from "./media.js";

/** Draw one embed. */
export function drawEmbed(embed, world) {
  const style = { "--accent-bar": embed.color ? `#${embed.color.toString(16).padStart(6, "0")}` : null };
  const title = embed.title ? el("h4", { class: "embed-title" }, titleOf(embed, world)) : null;
  return el(
    "article",
    { class: "container embed", style },
    embed.author?.name ? el("p", { class: "embed-author", text: embed.author.name }) : null,
    title,
    embed.description ? el("div", { class: "text-display" }, markdown(embed.description, world)) : null,
    embed.fields?.length
      ? el(
          "div",
          { class: "fields" },
          embed.fields.map((field) => drawField(field, world)),
        )
      : null,
    embed.thumbnail?.url
      ? el("div", { class: "thumbnail" }, medium({ ...embed.thumbnail, content_type: "image/" }, { small: true }))
      : null,
    embed.image?.url ? medium({ ...embed.image, content_type: "image/" }) : null,
    footer(embed),
  );
}

function titleOf(embed, world) {
  const text = markdown(embed.title, world);
  return embed.url ? el("a", { href: embed.url, target: "_blank", rel: "noopener noreferrer" }, text) : text;
}

function drawField(field, world) {
  const name = el("h5", {}, markdown(field.name, world));
  return el("div", { class: field.inline ? "inline" : null }, name, el("div", {}, markdown(field.value, world)));
}

function footer(embed) {
  const when = embed.timestamp ? written(new Date(embed.timestamp) / 1000, "f") : null;
  const text = [embed.footer?.text, when].filter(Boolean).join(" • ");
  return text ? el("p", { class: "md-small", text }) : null;
}
