// What of the candidates is shown: by state, ink and shape; each chip says how many there are.
import { number, say } from "./words.js";

const STATES = ["proposed", "accepted", "rejected"];
const SHAPES = ["polygon", "line", "point", "text"];

/** Wire the filter in an element; returns `isShown(one)`, `changed` to be set, and `count()` to bring the numbers up to date. */
export function wireFilter(element, drawings) {
  const off = { state: new Set(["rejected"]), ink: new Set(), shape: new Set() };
  const chips = [];
  const inks = [...new Set(drawings.all.map((one) => one.ink))];
  const filter = {
    changed: () => {},
    isShown: (one) => one.state !== "merged" && !off.state.has(one.state) && !off.ink.has(one.ink) && !off.shape.has(one.shape),
    count() {
      if (!element.open) return;
      const tally = new Map();
      for (const one of drawings.all) for (const [by, value] of [["state", one.state], ["ink", one.ink], ["shape", one.shape]]) {
        if (one.state === "merged" || (by === "state" && one.shape === "text")) continue;
        tally.set(`${by} ${value}`, (tally.get(`${by} ${value}`) ?? 0) + 1);
      }
      for (const { by, value, count } of chips) count.textContent = number(tally.get(`${by} ${value}`) ?? 0);
    },
  };
  const row = (by, values, words) => {
    const set = document.createElement("fieldset");
    const legend = document.createElement("legend");
    legend.textContent = say(`draw.filter.${by}`);
    const box = document.createElement("div");
    box.className = "chips";
    for (const value of values) {
      const chip = document.createElement("button");
      chip.type = "button";
      chip.className = "chip";
      chip.dataset.filter = `${by}-${value}`;
      chip.setAttribute("aria-pressed", String(!off[by].has(value)));
      const count = document.createElement("small");
      chip.append(words(value), " ", count);
      chips.push({ by, value, count });
      chip.addEventListener("click", () => {
        const isOn = off[by].has(value);
        if (isOn) off[by].delete(value);
        else off[by].add(value);
        chip.setAttribute("aria-pressed", String(isOn));
        filter.changed();
      });
      box.append(chip);
    }
    set.append(legend, box);
    return set;
  };
  element.querySelector(".filter-body").append(
    row("state", STATES, (value) => say(`draw.state.${value}`)),
    row("ink", inks, (value) => say(`ink.${value}`)),
    row("shape", SHAPES, (value) => say(`candidate_kind.${value}`)),
  );
  element.addEventListener("toggle", () => filter.count());
  return filter;
}
