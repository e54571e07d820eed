// Words, dates and numbers as the server writes them: the page carries its messages and its locale as JSON.

const read = (id) => JSON.parse(document.getElementById(id).textContent);
const words = read("words");
export const locale = read("locale");
export const data = read("data");

const ORDER = ["zero", "one", "two", "few", "many", "other"];
const rules = new Intl.PluralRules(locale.language);
const TAGS = { ky: ["one", "other"], ru: ["one", "few", "many", "other"], en: ["one", "other"] }[locale.language] ?? ORDER;

/** Put a message into words; `count`, or the first whole number that it names, picks the plural form. */
export function say(key, params = {}) {
  const forms = words[key];
  if (!forms) throw new Error(`no words for ${key}`);
  let form = forms[0];
  if (forms.length > 1) {
    const named = [...form.matchAll(/\{(\w+)\}/g)].map((found) => found[1]);
    const count = ["count", ...named].map((name) => params[name]).find(Number.isInteger) ?? 0;
    const tag = locale.language === "ky" ? (count === 1 ? "one" : "other") : rules.select(count);
    form = forms[Math.min(TAGS.indexOf(tag), forms.length - 1)];
  }
  return form.replace(/\{(\w+)(?::[^}]*)?\}/g, (whole, name) => (name in params ? String(params[name]) : whole));
}

/** Whether the page carries a message. */
export const knows = (key) => key in words;

/** Write a number with the language's own separators. */
export function number(value, digits = 0) {
  const [whole, part] = Math.abs(value).toFixed(digits).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, locale.group);
  return `${value < 0 ? "−" : ""}${grouped}${part ? locale.decimal + part : ""}`;
}

/** The day of a moment by the clocks of Kyrgyzstan (six hours ahead of Greenwich), wherever the browser is: 2014-11-19. */
export const dayThere = (moment) => new Date(new Date(moment).getTime() + 6 * 3_600_000).toISOString().slice(0, 10);

/** Write a day, or the day of a moment, as people do: 19-ноябрь, 2014-ж. */
export function day(iso) {
  const [year, month, date] = (iso.length > 10 ? dayThere(iso) : iso).split("-").map(Number);
  const name = locale.months[month - 1];
  if (locale.language === "ky") return `${date}-${name}, ${year}-ж.`;
  if (locale.language === "ru") return `${date} ${name} ${year} г.`;
  return `${name} ${date}, ${year}`;
}

/** Write a distance: metres below one kilometre, kilometres from there on. */
export const metres = (value) => (value < 1000 ? say("locale.metres", { value: number(value) }) : say("locale.kilometres", { value: number(value / 1000, 1) }));

export const collator = new Intl.Collator([locale.language, "ru"], { numeric: true, sensitivity: "base" });
