const SVG = "http://www.w3.org/2000/svg";

/** The drawing of a feeling; templates/feedback/_reaction_icons.html has them all. @param {string} kind */
export function reactionIcon(kind) {
  const icon = document.createElementNS(SVG, "svg");
  const use = document.createElementNS(SVG, "use");
  icon.setAttribute("class", "reaction-icon");
  icon.setAttribute("viewBox", "0 0 24 24");
  icon.setAttribute("aria-hidden", "true");
  use.setAttribute("href", `#reaction-${kind}`);
  icon.append(use);
  return icon;
}

/** @param {string} tag @param {Record<string, string>} attributes @param {...Node} children */
export function drawn(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}
