// Elements made by scripts: what people wrote goes in as text, never as markup.
const SVG = "http://www.w3.org/2000/svg";
const LIVE = new Set(["value", "checked", "selected", "disabled", "hidden", "open"]); // what attributes say at first only

/** Make an SVG element with attributes and children; an undefined attribute is left out. */
export function svg(name, attributes = {}, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) if (value !== undefined) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

/**
 * Make an HTML element. `text` is its text, `on` are listeners by event (as are functions under `onclick` and the like),
 * names such as `className` or `maxLength` are properties, `dataNote` and `ariaLabel` attributes with a hyphen,
 * all others attributes; undefined, null and false leave one out.
 */
export function make(name, { text = "", on = {}, ...given } = {}, ...children) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  for (const [key, value] of Object.entries(given)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") made.addEventListener(key.slice(2), value);
    else if (/^(data|aria)[A-Z]/.test(key)) made.setAttribute(key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), value);
    else if (LIVE.has(key) || /[A-Z]/.test(key)) made[key] = value;
    else made.setAttribute(key, value === true ? "" : value);
  }
  for (const [event, heard] of Object.entries(on)) made.addEventListener(event, heard);
  made.append(...children);
  return made;
}
