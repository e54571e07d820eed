// Small parts that the views of the field app are made of. Words of people are only ever text, never markup.
import { day, locale, say } from "./words.js";

/** Make an element: attributes, `on…` listeners, `data` for data-*, and children (text or elements; null is left out). */
export function h(name, given = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(given)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "data") Object.assign(element.dataset, value);
    else if (key === "value" || key === "checked" || key === "disabled" || key === "hidden") element[key] = value;
    else element.setAttribute(key, value === true ? "" : value);
  }
  element.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

export const button = (words, press, kind = "secondary", more = {}) => h("button", { type: "button", class: kind, onclick: press, ...more }, words);

let ids = 0;

/** A labelled field; `wrong` is what the service said against it. `name` is the service's name for it. */
export function field(name, words, control, { wrong = "", hint = "" } = {}) {
  const id = (control.id ||= `f${(ids += 1)}`);
  const describes = [hint && `${id}-hint`, wrong && `${id}-wrong`].filter(Boolean).join(" ");
  if (describes) control.setAttribute("aria-describedby", describes);
  if (wrong) control.setAttribute("aria-invalid", "true");
  return h("div", { class: wrong ? "field wrong" : "field", data: { field: name } },
    h("label", { for: id }, words), control,
    hint && h("p", { class: "quiet hint", id: `${id}-hint` }, hint),
    wrong && h("p", { class: "said", id: `${id}-wrong`, role: "alert" }, wrong));
}

/** Radio buttons as large targets; `options` are [value, words]. */
export function choice(name, words, options, chosen, choose, { wrong = "", hint = "" } = {}) {
  const group = `c${(ids += 1)}`;
  return h("fieldset", { class: wrong ? "choice wrong" : "choice", data: { field: name } },
    h("legend", {}, words),
    hint && h("p", { class: "quiet hint" }, hint),
    h("div", { class: "options" }, options.map(([value, label]) =>
      h("label", {}, h("input", { type: "radio", name: group, value: String(value), checked: value === chosen, onchange: () => choose(value) }), h("span", {}, label)))),
    wrong && h("p", { class: "said", role: "alert" }, wrong));
}

export const input = (value, set, more = {}) => h("input", { type: "text", autocomplete: "off", ...more, value: value ?? "", oninput: (event) => set(event.target.value), onchange: (event) => set(event.target.value) });
export const area = (value, set, more = {}) => h("textarea", { rows: 3, ...more, value: value ?? "", oninput: (event) => set(event.target.value) });

/** A field for a number, written with comma or point; `set` hears a number, null for nothing, NaN for rubbish. */
export const numeral = (value, set, more = {}) => input(value === null || value === undefined ? "" : String(value).replace(".", locale.decimal), (words) => set(read(words)), { inputmode: "decimal", ...more });
const read = (words) => {
  const plain = words.replace(/[\s\u00a0]/g, "").replace(",", ".");
  return plain === "" ? null : Number(plain);
};

/** A moment as people write it: 19-ноябрь, 2014-ж., 10:30. */
export function moment(iso) {
  const when = new Date(iso);
  const two = (number) => String(number).padStart(2, "0");
  return `${day(`${when.getFullYear()}-${two(when.getMonth() + 1)}-${two(when.getDate())}`)}, ${two(when.getHours())}:${two(when.getMinutes())}`;
}

/** So many bytes as people read them. */
export function bytes(count) {
  const kilo = count / 1000;
  if (kilo >= 1_000_000) return say("visiting.gigabytes", { value: (kilo / 1_000_000).toFixed(1).replace(".", locale.decimal) });
  return kilo < 1000 ? say("visiting.kilobytes", { count: Math.max(1, Math.round(kilo)) }) : say("visiting.megabytes", { value: (kilo / 1000).toFixed(1).replace(".", locale.decimal) });
}

/** A name in the reader's language, else in the first that there is. */
export const named = (values) => values[`name_${locale.language}`] || values.name_ky || values.name_ru || values.name_en || "";

const live = document.getElementById("live");
let hiding = 0;
/** Tell what has happened: shown for a while, and read out. */
export function announce(words) {
  clearTimeout(hiding);
  live.textContent = words;
  live.hidden = !words;
  hiding = setTimeout(() => { live.hidden = true; }, 4_000);
}
const trouble = document.getElementById("trouble");
/** Tell what went wrong and what to do; stays until the next view or a change for the better. */
export function warn(words) {
  trouble.textContent = words;
  trouble.hidden = !words;
}

/** Tell that something could not be kept, and what to do; what was kept before is still there. */
export function complain(error) {
  const isFull = self.fieldDatabase.isFull(error);
  warn(say(isFull ? "visiting.full" : "visiting.not_kept"));
  if (!isFull) console.warn(error);
}
