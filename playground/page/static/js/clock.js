// Formats times, and updates the relative ones every second.

const UNITS = [
  ["year", 31536000],
  ["month", 2592000],
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];
const STYLES = {
  t: { timeStyle: "short" },
  T: { timeStyle: "medium" },
  d: { dateStyle: "short" },
  D: { dateStyle: "long" },
  f: { dateStyle: "long", timeStyle: "short" },
  F: { dateStyle: "full", timeStyle: "short" },
  s: { dateStyle: "short", timeStyle: "short" },
  S: { dateStyle: "short", timeStyle: "medium" },
};

let language = null;
let relative;
let formats;
setLanguage("en-US");

let offset = 0; // milliseconds by which the playground's clock is ahead

/** Write times in the language of that locale from now on. */
export function setLanguage(locale) {
  if (locale === language) return;
  language = locale;
  const written = locale === "en-US" ? "en-GB" : locale; // with 24 hours, as in all the others
  relative = new Intl.RelativeTimeFormat(written, { numeric: "auto" });
  // Made once: each costs more than drawing a whole message.
  formats = Object.fromEntries(
    Object.entries(STYLES).map(([style, options]) => [style, new Intl.DateTimeFormat(written, options)]),
  );
}

/** Set by how many seconds the playground's clock was moved. */
export function setOffset(seconds) {
  offset = seconds * 1000;
  tick();
}

/** The present moment in the playground. */
export function now() {
  return Date.now() + offset;
}

/** A moment in Unix seconds, in one of Discord's styles. */
export function written(seconds, style) {
  if (style === "R") return ago(seconds);
  return (formats[style] ?? formats.f).format(seconds * 1000);
}

function ago(seconds) {
  const from = seconds - now() / 1000;
  const [unit, size] = UNITS.find(([, each]) => Math.abs(from) >= each) ?? UNITS.at(-1);
  return relative.format(Math.trunc(from / size), unit);
}

/** When a message was sent: the time, and the day where it was not today. */
export function sentAt(iso) {
  const moment = new Date(iso);
  const time = written(moment / 1000, "t");
  if (dayOf(moment) === dayOf(now())) return time;
  return dayOf(moment) === dayOf(now() - 86400000) ? `Yesterday at ${time}` : `${written(moment / 1000, "d")} ${time}`;
}

/** The day of a moment, for comparisons and for the lines between days. */
export function dayOf(moment) {
  return written(new Date(moment) / 1000, "D");
}

function tick() {
  for (const time of document.querySelectorAll("time[data-relative]")) {
    const text = ago(Number(time.dataset.relative));
    if (time.textContent !== text) time.textContent = text;
  }
}

setInterval(tick, 1000);
