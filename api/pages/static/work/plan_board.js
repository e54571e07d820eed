// The plan as the server shows it: read anew after each change, and put into the page without losing the place.
import { complain } from "./notices.js";
import { Steps } from "./undo.js";
import { data } from "./words.js";

export const steps = new Steps();
/** What the page was given; `now` is of the last reading. */
export const board = { now: data };

let reading = 0;

/** Return the fields of an activity as they are sent: it has a place, and so is a feature (RFC 7946). */
export const feature = ({ geometry, ...properties }) => ({ type: "Feature", properties, ...(geometry === undefined ? {} : { geometry }) });

/** Read the page anew, at another address of it where one is given, and show what is different. */
export async function refresh(address = location.href, { push = false } = {}) {
  const mine = ++reading;
  const answer = await fetch(address, { headers: { Accept: "text/html" }, credentials: "same-origin" });
  const text = await answer.text();
  if (mine !== reading) return;
  const page = new DOMParser().parseFromString(text, "text/html");
  const fresh = page.getElementById("board");
  if (!answer.ok || !fresh) {
    location.assign(address);
    return;
  }
  if (push && address !== location.href) history.pushState(null, "", address);
  board.now = JSON.parse(page.getElementById("data").textContent);
  morph(document.getElementById("board"), fresh);
  document.title = page.title;
  document.dispatchEvent(new CustomEvent("boardchange"));
}

addEventListener("popstate", () => refresh().catch(complain));

/** Make an element like another one: what has an id stays the element that it is, with its focus and what is open. */
function morph(old, fresh) {
  if (old.dataset?.morph === "keep" || old.isEqualNode(fresh)) return;
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name) && !isKept(old, name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (!isKept(old, name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(old.tagName) && old !== document.activeElement) takeValue(old, fresh);
  if (old.tagName === "TEXTAREA") return;
  const known = new Map([...old.children].filter((one) => one.id).map((one) => [one.id, one]));
  let at = old.firstChild;
  for (const next of [...fresh.childNodes]) {
    const twin = next.id && known.get(next.id);
    if (twin) {
      if (twin !== at) old.insertBefore(twin, at);
      else at = at.nextSibling;
      morph(twin, next);
    } else if (at && !at.id && !next.id && at.nodeName === next.nodeName) {
      if (at.nodeType === Node.ELEMENT_NODE) morph(at, next);
      else if (at.textContent !== next.textContent) at.textContent = next.textContent;
      at = at.nextSibling;
    } else {
      old.insertBefore(document.importNode(next, true), at);
    }
  }
  while (at) {
    const gone = at;
    at = at.nextSibling;
    gone.remove();
  }
}

const isKept = (element, name) => (name === "open" && "keep" in element.dataset) || (name === "class" && element.id === "board");

function takeValue(old, fresh) {
  if (old.type === "file") return;
  if (old.tagName === "SELECT") {
    const chosen = [...fresh.options].findIndex((one) => one.defaultSelected);
    const wanted = fresh.options[Math.max(chosen, 0)]?.value;
    queueMicrotask(() => { if (wanted !== undefined) old.value = wanted; });
  } else if (old.type === "checkbox" || old.type === "radio") old.checked = fresh.defaultChecked;
  else if (fresh.tagName === "TEXTAREA") old.value = old.defaultValue = fresh.defaultValue;
  else old.value = fresh.getAttribute("value") ?? "";
}
