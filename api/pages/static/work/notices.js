// What the page tells in passing: at the foot, read out to screen readers, never in the way.
import { say } from "./words.js";

const place = document.getElementById("notices");
const STAYS_MS = 8000;

/** Tell something; with `undo` there is a button that takes it back, with `also` one for what else can be done. */
export function tell(text, { undo, also, stays = STAYS_MS } = {}) {
  const notice = show(text, "notice");
  if (also) notice.append(button(also.text, () => { notice.remove(); also.press(); }));
  if (undo) notice.append(button(say("frame.undo"), () => { notice.remove(); undo(); }));
  setTimeout(() => notice.remove(), stays);
  return notice;
}

/** Tell what went wrong and what to do; it stays until it is closed. */
export function complain(error) {
  if (error?.name === "AbortError") return null;
  const text = error?.detail ?? say("frame.fault");
  if (!error?.detail) console.warn(error);
  for (const older of place.querySelectorAll(".complaint")) if (older.firstChild.textContent === text) older.remove();
  const notice = show(text, "notice complaint");
  notice.setAttribute("role", "alert");
  notice.append(button(say("frame.close"), () => notice.remove()));
  return notice;
}

function show(text, className) {
  const notice = document.createElement("div");
  notice.className = className;
  const words = document.createElement("span");
  words.textContent = text;
  notice.append(words);
  place.append(notice);
  while (place.children.length > 3) place.firstChild.remove();
  return notice;
}

function button(text, press) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  made.addEventListener("click", press);
  return made;
}
