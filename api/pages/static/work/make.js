// Elements made by scripts: what people wrote goes in as text, never as HTML.

/** Make an element; `on` are its listeners. */
export function make(tag, { className = "", text = "", on = {}, ...rest } = {}, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  if (text) made.textContent = text;
  for (const [name, value] of Object.entries(rest)) {
    if (name.startsWith("data") || name.startsWith("aria") || name === "for") made.setAttribute(name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`), value);
    else made[name] = value;
  }
  for (const [name, heard] of Object.entries(on)) made.addEventListener(name, heard);
  made.append(...children);
  return made;
}
