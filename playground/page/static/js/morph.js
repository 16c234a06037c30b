// Updates a DOM tree in place to match a new one, so that a playing video, the focus and the scroll position stay.

// Attributes set by the reader's actions; a newly drawn tree does not have them.
const LOCAL = new Set(["data-revealed", "tabindex", "open"]);

/**
 * Make `old` look like `fresh`, keeping each node that both have. Nodes are the same by `data-key`, or else by their
 * place and tag. Nodes of the same `data-media` keep their address, since every message has newly signed links.
 */
export function morph(old, fresh) {
  if (!isSame(old, fresh)) {
    old.replaceWith(fresh);
  } else if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
  } else if (!old.isEqualNode(fresh)) {
    morphAttributes(old, fresh);
    if (!old.hasAttribute("data-own")) morphChildren(old, fresh);
  }
}

function isSame(one, other) {
  return one.nodeType === other.nodeType && one.nodeName === other.nodeName && keyOf(one) === keyOf(other);
}

function keyOf(node) {
  return node.nodeType === Node.ELEMENT_NODE ? node.getAttribute("data-key") : null;
}

function morphAttributes(old, fresh) {
  const sameMedia = old.hasAttribute("data-media") && old.dataset.media === fresh.dataset.media;
  const kept = (name) => LOCAL.has(name) || (sameMedia && (name === "src" || name === "href"));
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name) && !kept(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) {
    // The page's Content-Security-Policy forbids style attributes.
    if (name === "style") old.style.cssText = fresh.style.cssText;
    else if (old.getAttribute(name) !== value && !(kept(name) && old.hasAttribute(name))) old.setAttribute(name, value);
  }
}

function morphChildren(old, fresh) {
  const wanted = new Set([...fresh.childNodes].map(keyOf).filter(Boolean));
  const keyed = new Map([...old.childNodes].filter(keyOf).map((node) => [keyOf(node), node]));
  let at = old.firstChild;
  for (const next of [...fresh.childNodes]) {
    // Remove nodes that are not in the new tree instead of moving kept ones: moving restarts a video.
    while (at && keyOf(at) && !wanted.has(keyOf(at))) at = removed(at);
    const match = keyOf(next) ? keyed.get(keyOf(next)) : at;
    if (match && isSame(match, next)) {
      while (at && at !== match && !keyOf(at)) at = removed(at);
      if (at === match) at = at.nextSibling;
      else old.insertBefore(match, at);
      morph(match, next);
    } else {
      old.insertBefore(next, at);
    }
  }
  while (at) at = removed(at);
}

function removed(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}
