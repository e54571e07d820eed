// Photos of sheets: taken, chosen, dropped or pasted into a meeting, and looked after until they are read.
import { tell } from "./notices.js";
import { get } from "./requests.js";
import { Reading, remembered } from "./taking_reading.js";
import { restore, wireWithdrawal } from "./taking_withdrawal.js";
import { data, number, say } from "./words.js";

const MEGABYTE = 1_000_000;
const PICTURE = /\.(jpe?g|png|heic|heif|tiff?|webp|pdf)$/i;
const cards = new Map([...document.querySelectorAll("[data-event]")].map((card) => [card.dataset.event, card]));
const queues = new Map();

for (const [id, card] of cards) {
  const list = card.querySelector(".readings");
  if (!list) continue;
  queues.set(id, Promise.resolve());
  for (const input of card.querySelectorAll("[data-takes]")) {
    input.addEventListener("change", () => {
      take(id, [...input.files]);
      input.value = "";
    });
  }
  card.addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "copy";
    card.classList.add("over");
  });
  card.addEventListener("dragleave", (event) => {
    if (!card.contains(event.relatedTarget)) card.classList.remove("over");
  });
  card.addEventListener("drop", (event) => {
    event.preventDefault();
    card.classList.remove("over");
    take(id, [...event.dataTransfer.files]);
  });
}

// A file that is dropped beside a card would open in place of the page.
for (const name of ["dragover", "drop"]) addEventListener(name, (event) => event.preventDefault());

document.addEventListener("paste", (event) => {
  if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && event.target.type !== "file") return;
  const files = [...(event.clipboardData?.files ?? [])];
  if (!queues.size) return;
  if (!files.length) return void tell(say("taking.nothing_pasted"));
  const focused = document.activeElement?.closest("[data-event]") ?? document.querySelector("[data-event]:hover");
  const id = focused?.dataset.event ?? (queues.size === 1 ? [...queues.keys()][0] : null);
  if (!id) return void tell(say("taking.which"));
  take(id, files);
});

/** Send photos one after the other: a phone's connection is soon full, and they keep their order. */
function take(id, files) {
  for (const file of files) {
    const reading = place(id, file.name || say("taking.untitled"), file);
    const size = number(file.size / MEGABYTE, 1);
    if (file.size > data.upload_megabytes * MEGABYTE) {
      reading.refuse(say("taking.too_large", { name: reading.name, size, limit: number(data.upload_megabytes) }));
    } else if (file.type ? !/^image\/|\/pdf$/.test(file.type) : !PICTURE.test(file.name)) {
      reading.refuse(say("taking.not_picture", { name: reading.name }));
    } else {
      send(id, reading);
    }
  }
}

function send(id, reading) {
  queues.set(id, queues.get(id).then(() => reading.send(title(id))).catch(() => {}));
}

function place(id, name, file, page = null) {
  const reading = new Reading({
    event: id, name, file, page, again: () => send(id, reading), stored: () => renew(id),
    restored: (sheet) => restore(sheet, () => renew(id)),
    pages: (numbers) => { for (const number of numbers) send(id, place(id, say("taking.page_of", { name, page: number }), file, number)); },
  });
  cards.get(id).querySelector(".readings").append(reading.element);
  return reading;
}

/** What a sheet is called at first: the group and which of its sheets it is. */
function title(id) {
  const event = data.events.find((one) => one.id === id);
  event.sheets += 1;
  return say("taking.sheet_title", { group: event.group, number: number(event.sheets) });
}

/** Show the sheets of a meeting as the server has them now. */
async function renew(id) {
  const answer = await fetch(location.href, { credentials: "same-origin" });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector(`[data-event="${CSS.escape(id)}"] .sheets`);
  if (fresh) cards.get(id).querySelector(".sheets").replaceChildren(...document.adoptNode(fresh).children);
}

/** Take up what was begun here before a reload, or on another page. */
async function takeUp() {
  const { body } = await get("/api/v1/jobs?kind=take_photo&state=waiting&state=running&limit=100");
  const known = new Map(remembered().map((one) => [one.job, one]));
  for (const job of body.items) known.set(job.id, { job: job.id, event: job.parameters.event_id, name: job.parameters.name });
  for (const one of known.values()) {
    if (queues.has(one.event)) place(one.event, one.name, null).follow(one.job);
  }
}

// The tiles come with the page; one that is shown again from the browser's memory may be old.
addEventListener("pageshow", (event) => { if (event.persisted) for (const id of cards.keys()) renew(id); });
wireWithdrawal(renew);
if (queues.size) await takeUp();
document.documentElement.dataset.ready = "1";
