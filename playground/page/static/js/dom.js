// Makes DOM nodes. Text from outside becomes text nodes or attributes only, never markup.

const SVG = "http://www.w3.org/2000/svg";

/**
 * Make an element. `props` are attributes, but for `text`, `on` (listeners by event), `data` (data-*) and `style`
 * (properties set one by one, so that the page needs no inline styles). null, undefined and false are left out.
 */
export function el(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) set(element, name, value);
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

function set(element, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "text") element.textContent = value;
  else if (name === "on")
    for (const [event, listener] of Object.entries(value)) element.addEventListener(event, listener);
  else if (name === "data") for (const [key, item] of Object.entries(value)) setData(element, key, item);
  else if (name === "style") for (const [key, item] of Object.entries(value)) setStyle(element, key, item);
  else element.setAttribute(name, value === true ? "" : value);
}

function setData(element, key, value) {
  if (value !== null && value !== undefined && value !== false) element.dataset[key] = value === true ? "" : value;
}

function setStyle(element, key, value) {
  if (value !== null && value !== undefined) element.style.setProperty(key, value);
}

/** Make an SVG drawing of `paths` on a square of 24. */
export function drawing(paths) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  for (const path of paths) {
    const shape = document.createElementNS(SVG, "path");
    shape.setAttribute("d", path);
    svg.append(shape);
  }
  return svg;
}

/** Replace the children of `parent`. */
export function fill(parent, ...children) {
  parent.replaceChildren(...children.flat().filter(Boolean));
  return parent;
}
