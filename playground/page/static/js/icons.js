// The page's icons: strokes on a square of 24.

import { drawing } from "./dom.js";

const PATHS = {
  hash: ["M5 9h15", "M4 15h15", "M10 4 8 20", "M16 4l-2 16"],
  at: ["M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0", "M16 12v1.5a2.5 2.5 0 0 0 5 0V12a9 9 0 1 0-3.6 7.2"],
  plus: ["M12 5v14", "M5 12h14"],
  close: ["M6 6l12 12", "M18 6 6 18"],
  more: ["M5 12h.01", "M12 12h.01", "M19 12h.01"],
  send: ["M4 12 20 4l-4 16-4-7z", "M12 13l8-9"],
  slash: ["M4 4h16v16H4z", "M9 17l6-10"],
  file: ["M6 3h8l5 5v13H6z", "M14 3v5h5"],
  picture: ["M4 5h16v14H4z", "M4 16l5-5 5 5 2-2 4 4", "M15 9h.01"],
  eye: ["M2 12s4-7 10-7 10 7 10 7-4 7-10 7S2 12 2 12", "M15 12a3 3 0 1 1-6 0 3 3 0 0 1 6 0"],
  down: ["M6 9l6 6 6-6"],
  check: ["M5 12l5 5 9-10"],
  menu: ["M4 7h16", "M4 12h16", "M4 17h16"],
  sliders: ["M4 7h9", "M17 7h3", "M15 5v4", "M4 17h3", "M11 17h9", "M9 15v4"],
  swap: ["M7 4 3 8l4 4", "M3 8h14", "M17 12l4 4-4 4", "M21 16H7"],
  sun: [
    "M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0",
    "M12 2v2",
    "M12 20v2",
    "M2 12h2",
    "M20 12h2",
    "M5 5l1.5 1.5",
    "M17.500 17.500 19 19",
    "M5 19l1.500-1.500",
    "M17.500 6.500 19 5",
  ],
  moon: ["M20 14.500A8.500 8.500 0 1 1 9.500 4a7 7 0 0 0 10.500 10.500z"],
  trash: ["M4 7h16", "M9 7V4h6v3", "M6 7l1 13h10l1-13"],
  copy: ["M9 9h11v11H9z", "M5 15H4V4h11v1"],
  reply: ["M4 20v-4a6 6 0 0 1 6-6h10", "M15 5l5 5-5 5"],
  app: ["M4 4h7v7H4z", "M13 4h7v7h-7z", "M4 13h7v7H4z", "M16.500 13v7", "M13 16.500h7"],
  globe: [
    "M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0",
    "M3 12h18",
    "M12 3c5 5 5 13 0 18",
    "M12 3c-5 5-5 13 0 18",
  ],
  link: ["M14 4h6v6", "M20 4l-9 9", "M18 14v6H4V6h6"],
  search: ["M17 11a6 6 0 1 1-12 0 6 6 0 0 1 12 0", "M16 16l5 5"],
  play: ["M8 5v14l11-7z"],
  user: ["M16 8a4 4 0 1 1-8 0 4 4 0 0 1 8 0", "M4 21a8 8 0 0 1 16 0"],
};

/** The icon of that name. Screen readers skip it, so its parent needs a label. */
export function icon(name) {
  return drawing(PATHS[name] ?? PATHS.more);
}
