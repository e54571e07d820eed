// The first page: villages are found while the name is typed, in whatever spelling.
import { complain } from "./notices.js";
import { get } from "./requests.js";
import { say } from "./words.js";

const field = document.getElementById("q");
const list = document.getElementById("found");
const said = document.getElementById("found-said");
const WAITS_MS = 120;
let chosen = -1;
let timer = 0;
let asking = new AbortController();

const options = () => [...list.querySelectorAll("[role=option]")];

function close() {
  list.hidden = true;
  chosen = -1;
  field.setAttribute("aria-expanded", "false");
  field.removeAttribute("aria-activedescendant");
}

function mark(number) {
  const all = options();
  chosen = all.length ? (number + all.length) % all.length : -1;
  all.forEach((one, place) => one.setAttribute("aria-selected", String(place === chosen)));
  if (chosen >= 0) {
    field.setAttribute("aria-activedescendant", all[chosen].id);
    all[chosen].scrollIntoView({ block: "nearest" });
  }
}

function option(one, number) {
  const item = document.createElement("li");
  item.id = `found-${number}`;
  item.setAttribute("role", "option");
  item.setAttribute("aria-selected", "false");
  item.dataset.address = one.address;
  const name = document.createElement("strong");
  name.textContent = one.name;
  const more = document.createElement("span");
  more.className = "quiet";
  more.textContent = [one.more, one.year, one.is_sample ? say("home.sample") : ""].filter(Boolean).join(" · ");
  item.append(name, " ", more);
  return item;
}

async function look() {
  const letters = field.value.trim();
  asking.abort();
  if (letters.length < 2) return close();
  asking = new AbortController();
  try {
    const { body } = await get(`/work/places.json?${new URLSearchParams({ q: letters })}`, { signal: asking.signal });
    const found = [...body.municipalities, ...body.villages].filter((one) => one.address);
    list.replaceChildren(...found.map(option));
    if (!found.length) {
      const none = document.createElement("li");
      none.className = "empty";
      none.setAttribute("role", "presentation");
      none.textContent = say("home.nothing_found", { letters });
      list.append(none);
    }
    said.textContent = found.length ? say("home.found_count", { count: found.length }) : say("home.nothing_found", { letters });
    list.hidden = false;
    field.setAttribute("aria-expanded", "true");
    mark(-1 + (found.length ? 1 : 0));
  } catch (error) {
    complain(error);
  }
}

field.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(look, WAITS_MS);
});
field.addEventListener("keydown", (event) => {
  if (list.hidden) return;
  if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    mark(chosen + (event.key === "ArrowDown" ? 1 : -1));
  } else if (event.key === "Escape") {
    event.preventDefault();
    close();
  } else if (event.key === "Enter" && options()[chosen]) {
    event.preventDefault();
    location.assign(options()[chosen].dataset.address);
  }
});
list.addEventListener("pointerdown", (event) => event.preventDefault());
list.addEventListener("click", (event) => {
  const item = event.target.closest("[role=option]");
  if (item) location.assign(item.dataset.address);
});
field.addEventListener("blur", close);
document.documentElement.dataset.ready = "1";
