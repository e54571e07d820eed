// One key, one deed: by the place of the key on the keyboard, so that it is the same with Cyrillic and Latin letters.
import { isTyping } from "./undo.js";

const DEEDS = {
  KeyZ: "undo", KeyX: "point", KeyC: "line", KeyV: "area", KeyB: "brush", KeyN: "next", KeyM: "merge",
  KeyS: "split", KeyL: "like", KeyA: "name", KeyD: "edit", Backspace: "reject", Delete: "reject", Slash: "search", Home: "whole",
};
const OFF = "ayilmap.draw.keys";

/** Whether single keys do something; people who speak to their computer turn them off (WCAG 2.2, 2.1.4). */
export const areKeysOn = () => localStorage.getItem(OFF) !== "off";
export const setKeysOn = (isOn) => localStorage.setItem(OFF, isOn ? "on" : "off");

/**
 * Listen for keys; `act(name)` does what one stands for, `kindOf(code)` tells the kind of a key, `take(kind)` takes it.
 * `hand()` is the tool for drawing, `isWalking()` whether Tab goes from candidate to candidate.
 */
export function wireKeys({ act, kindOf, take, hand, isWalking, canvas }) {
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || isTyping(event.target) || event.altKey || event.metaKey) return;
    const { code, key } = event;
    if (event.ctrlKey) {
      if (code === "KeyZ") done(event, act, "undo");
      if (code === "KeyA" && event.target === canvas) done(event, act, "all");
      return;
    }
    const onButton = event.target instanceof HTMLElement && event.target.closest("button, a, summary, select, input");
    if (key === "Escape") return void done(event, act, "escape");
    if (hand().isOn && event.target === canvas) {
      if (key === " ") return void done(event, () => hand().clickInTheMiddle());
      if (key === "Enter" && event.isTrusted) return void done(event, () => hand().finish());
    }
    if (!areKeysOn()) return;
    if (key === "Enter" && !onButton) return void done(event, act, event.shiftKey ? "accept-like" : hand().isOn ? "finish" : "accept");
    if (key === "Tab" && event.target === canvas && isWalking()) return void done(event, act, event.shiftKey ? "previous" : "next");
    if (event.shiftKey && code !== "KeyN") return;
    if (event.repeat && code !== "KeyN") return;
    const kind = hand().isOn ? null : kindOf(code);
    if (kind) return void done(event, take, kind);
    if (DEEDS[code]) done(event, act, event.shiftKey ? "previous" : DEEDS[code]);
  });
}

function done(event, act, what) {
  event.preventDefault();
  act(what);
}
