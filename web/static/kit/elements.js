/**
 * The one element inside `root` that matches: a page without it is a mistake of ours, so say which.
 * @template {Element} [T=HTMLElement]
 * @param {ParentNode} root
 * @param {string} selector
 * @param {new () => T} [type]
 * @returns {T}
 */
export function find(root, selector, type) {
  const found = root.querySelector(selector);
  if (!found || (type && !(found instanceof type))) throw new Error(`the page has no ${selector}`);
  return /** @type {T} */ (found);
}

/**
 * @param {string} tag
 * @param {{class?: string, text?: string} & Record<string, string | undefined>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElement}
 */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") element.textContent = value ?? "";
    else if (value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** @param {string} name */
export const initial = (name) => (Array.from(name.trim().replace(/^(the|a)\s+(?=\S)/i, ""))[0] ?? "?").toUpperCase();

/**
 * A person's coloured disc. @param {{name: string, hue: number}} person @param {string} [tag]
 */
export function avatar(person, tag = "span") {
  return make(tag, { class: `avatar hue-${person.hue}`, text: initial(person.name) });
}

/** Tells what happened to whoever listens further up. @param {Element} from @param {string} type @param {unknown} [detail] */
export function tell(from, type, detail) {
  from.dispatchEvent(new CustomEvent(type, { detail, bubbles: true }));
}
