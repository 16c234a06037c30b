// Draws pictures, videos and files for galleries, attachments and thumbnails.

import { el } from "./dom.js";
import { icon } from "./icons.js";

const WIDEST = 550; // pixels
const HIGHEST = 420;

/** A picture or a video player, by the item's type. */
export function medium(item, { description = null, spoiler = false, small = false } = {}) {
  const key = item.attachment_id ?? item.id ?? item.url;
  const shown = kindOf(item) === "video" ? video(item, description, key) : picture(item, description, key, small);
  const figure = el("div", { class: `medium medium-${kindOf(item)}`, data: { key: `medium:${key}` } }, shown);
  return spoiler ? covered(figure, description) : figure;
}

/** Cover `content` as a spoiler. */
export function covered(content, description = null) {
  const label = description ? `Spoiler, hidden: ${description}` : "Spoiler, hidden";
  const cover = el(
    "button",
    { type: "button", class: "spoiler-cover", "aria-label": label, data: { spoiler: "" } },
    el("span", { text: "Spoiler" }),
  );
  return el("div", { class: "spoiler-media" }, content, cover);
}

/** A download link with the file's size. */
export function fileCard(file) {
  const name = file.filename ?? file.name ?? "file";
  const link = el("a", {
    href: file.url,
    download: name,
    class: "file-name",
    text: name,
    target: "_blank",
    rel: "noopener",
    data: { media: file.id ?? file.url },
  });
  const size = el("span", { class: "file-size", text: sizeInWords(file.size) });
  return el("div", { class: "file-card", data: { test: "file" } }, icon("file"), el("div", {}, link, size));
}

/** "video", "image" or "file", by content type or file extension. */
export function kindOf(item) {
  const type = item.content_type ?? "";
  const path = (item.filename ?? item.url ?? "").split("?")[0];
  if (type.startsWith("video/") || /\.(mp4|webm|mov)$/i.test(path)) return "video";
  if (type.startsWith("image/") || /\.(png|jpe?g|gif|webp|avif)$/i.test(path)) return "image";
  return "file";
}

/** A number of bytes as text. */
export function sizeInWords(bytes) {
  if (typeof bytes !== "number") return "";
  if (bytes < 1024) return `${bytes} bytes`;
  return bytes < 1048576 ? `${(bytes / 1024).toFixed(1)} KB` : `${(bytes / 1048576).toFixed(2)} MB`;
}

function video(item, description, key) {
  const label = description ? `Video: ${description}` : "Video";
  // With the browser's own controls; it is not redrawn while the text around it changes.
  const props = { src: item.url, controls: true, playsinline: true, preload: "metadata", "aria-label": label };
  return el("video", { ...props, style: box(item), data: { media: key, own: "", test: "video" } });
}

function picture(item, description, key, small) {
  const alt = description ?? "";
  const image = el("img", {
    src: item.proxy_url ?? item.url,
    alt,
    decoding: "async",
    style: small ? {} : box(item),
    data: { media: key },
  });
  const label = alt ? `Enlarge the picture: ${alt}` : "Enlarge the picture";
  return el("button", { type: "button", class: "picture", "aria-label": label, data: { picture: "" } }, image);
}

function box({ width, height }) {
  if (!width || !height) return {};
  const scale = Math.min(1, WIDEST / width, HIGHEST / height);
  return { "aspect-ratio": `${width} / ${height}`, width: `${Math.round(width * scale)}px` };
}
