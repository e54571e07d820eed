// Cause and effect tables: every cell is saved where it stands, and every change can be taken back.
import { make } from "./elements.js";
import { create } from "./making.js";
import { get, patch } from "./requests.js";
import { Steps } from "./undo.js";
import { data, say } from "./words.js";

const WAITS_MS = 900;
const LISTS = new Set(data.lists);
const steps = new Steps();
const byId = (id) => document.getElementById(id);

const lines = (text) => text.split("\n").map((line) => line.trim()).filter(Boolean);
const toStore = (field, text) => (LISTS.has(field) ? lines(text) : text.trim());
const toShow = (field, value) => (LISTS.has(field) ? value.join("\n") : value ?? "");
const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** A sheet: one problem and what a focus group found out about it. */
class Sheet {
  #queue = Promise.resolve();

  constructor(element) {
    this.element = element;
    this.id = element.dataset.analysis || null;
    this.version = element.dataset.version ? `"${element.dataset.version}"` : null;
    this.saved = element.querySelector(".saved");
    this.stored = {};
    for (const field of element.querySelectorAll("textarea")) this.stored[field.dataset.field] = toStore(field.dataset.field, field.value);
    this.stored.solvable_by = element.querySelector(".solvable :checked")?.value ?? null;
    this.whose = element.querySelector(".whose select");
    this.stored.event_id = this.whose.value || null;
  }

  /** Do things one after the other; what went wrong is said in the head of the sheet. */
  later(work) {
    const done = this.#queue.then(async () => {
      this.say(say("causetable.saving"));
      try {
        await work();
        this.say(say("causetable.saved"));
        this.element.dataset.saves = Number(this.element.dataset.saves ?? 0) + 1;
      } catch (error) {
        this.say(error.detail ?? say("frame.fault"), true);
        throw error;
      }
    });
    this.#queue = done.catch((error) => { if (!error.detail) console.error(error); });
    return done;
  }

  say(text, wrong = false) {
    this.saved.textContent = text;
    this.saved.classList.toggle("wrong", wrong);
  }

  /** Store one field; `mine` is what it was before for whoever changes it. */
  async store(field, value, before = this.stored[field]) {
    if (isSame(value, this.stored[field]) && this.id) return;
    if (!this.id) {
      const made = await create("/api/v1/cause-analyses", { problem_id: this.element.dataset.problem, event_id: this.stored.event_id, [field]: value });
      this.id = made.body.id;
      this.version = made.etag;
    } else {
      const address = `/api/v1/cause-analyses/${this.id}`;
      try {
        this.version = (await patch(address, { [field]: value }, this.version)).etag;
      } catch (error) {
        if (error.status !== 412) throw error;
        const now = await get(address);
        this.version = now.etag;
        this.take(now.body, field);
        if (!isSame(now.body[field], before) && !isSame(now.body[field], value)) { this.both(field, now.body[field], value); return; }
        this.version = (await patch(address, { [field]: value }, this.version)).etag;
      }
    }
    this.stored[field] = value;
  }

  /** Show what somebody else wrote into other cells meanwhile. */
  take(record, but) {
    for (const field of Object.keys(this.stored)) {
      if (field === but || isSame(record[field], this.stored[field])) continue;
      this.stored[field] = record[field];
      this.show(field);
    }
  }

  show(field, even = false) {
    if (field === "solvable_by") {
      for (const one of this.element.querySelectorAll(".solvable input")) one.checked = one.value === this.stored[field];
      return;
    }
    if (field === "event_id") { this.whose.value = this.stored.event_id ?? ""; return; }
    const cell = this.element.querySelector(`[data-field="${field}"]`);
    if (cell === document.activeElement && !even) return;
    cell.value = toShow(field, this.stored[field]);
    cell.parentElement.dataset.value = cell.value;
  }

  /** Two wrote into one cell: both are shown, and a person chooses. */
  both(field, theirs, mine) {
    const cell = this.element.querySelector({ solvable_by: ".solvable", event_id: ".whose" }[field] ?? `[data-field="${field}"]`);
    const box = make("div", { className: "conflict", role: "alert" });
    const choose = (value, key) => make("button", { type: "button", className: "secondary", text: say(key), on: { click: () => {
      box.remove();
      this.stored[field] = theirs;
      this.later(() => this.store(field, value)).then(() => this.show(field, true)).catch(() => {});
    } } });
    const words = (value) => {
      if (Array.isArray(value)) return value.join("\n");
      if (field === "event_id") return [...this.whose.options].find((one) => one.value === (value ?? ""))?.text ?? say("causetable.other_event");
      if (field === "solvable_by") return this.element.querySelector(`.solvable input[value="${value}"]`)?.parentElement.textContent.trim() ?? "";
      return value ?? "";
    };
    box.append(say("causetable.theirs", { words: words(theirs) }), choose(theirs, "causetable.keep_theirs"), say("causetable.mine", { words: words(mine) }), choose(mine, "causetable.keep_mine"));
    (cell.closest(".cell") ?? cell).append(box);
    this.stored[field] = theirs;
  }

  /** Say at which discussion it was found; of a sheet that is still empty, once something is written. */
  choose(event) {
    if (this.id) this.change("event_id", event, say("causetable.whose"));
    else this.stored.event_id = event;
  }

  /** Change a field and note the step. */
  change(field, value, title) {
    const before = this.stored[field];
    if (isSame(before, value)) return;
    this.later(async () => {
      await this.store(field, value, before);
      if (!isSame(this.stored[field], value)) return; // somebody is asked which holds
      steps.note(title, () => this.later(async () => { await this.store(field, before); this.show(field, true); }));
    }).catch(() => {});
  }
}

function cells(sheet) {
  for (const cell of sheet.element.querySelectorAll("textarea")) {
    const { field } = cell.dataset;
    const title = sheet.element.querySelector(`label[for="${cell.id}"]`).textContent;
    let timer = null;
    const save = () => {
      clearTimeout(timer);
      sheet.change(field, toStore(field, cell.value), title);
    };
    cell.addEventListener("input", () => {
      cell.parentElement.dataset.value = cell.value;
      clearTimeout(timer);
      timer = setTimeout(save, WAITS_MS);
    });
    cell.addEventListener("change", save);
    cell.addEventListener("keydown", (event) => { if (event.key === "Escape") { clearTimeout(timer); cell.value = toShow(field, sheet.stored[field]); cell.parentElement.dataset.value = cell.value; } });
  }
  sheet.whose.addEventListener("change", () => sheet.choose(sheet.whose.value || null));
  const solvable = sheet.element.querySelector(".solvable");
  solvable.addEventListener("change", (event) => sheet.change("solvable_by", event.target.value, solvable.querySelector("legend").textContent));
}

/** Who may deal with it: found by any word, chosen with one press. */
function chooser(sheet) {
  const details = sheet.element.querySelector(".matter");
  const find = details.querySelector(".find");
  const choices = [...details.querySelectorAll(".matters label")];
  find.addEventListener("input", () => {
    const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const one of choices) one.hidden = !words.every((word) => one.dataset.foundBy.includes(word));
    details.querySelector(".none-found").hidden = choices.some((one) => !one.hidden);
  });
  find.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const left = choices.filter((one) => !one.hidden);
    if (left.length === 1) left[0].click();
  });
  const show = (code) => {
    details.dataset.code = code ?? "";
    for (const one of choices) one.firstElementChild.checked = one.firstElementChild.value === code;
    details.querySelector(".chosen").textContent = choices.find((one) => one.firstElementChild.value === code)?.textContent.trim() ?? say("causetable.matter_unknown");
  };
  const store = async (code) => {
    const address = `/api/v1/problems/${sheet.element.dataset.problem}`;
    await patch(address, { type: "Feature", properties: { competence: code } }, (await get(address)).etag);
    show(code);
  };
  details.addEventListener("change", (event) => {
    if (event.target.type !== "radio") return;
    const before = details.dataset.code || null;
    const code = event.target.value;
    sheet.later(async () => {
      try {
        await store(code);
      } catch (error) {
        show(before);
        throw error;
      }
      steps.note(say("causetable.matter"), () => sheet.later(() => store(before)));
    }).catch(() => {});
  });
}

if (data.may_write) {
  for (const element of document.querySelectorAll(".sheet")) {
    const sheet = new Sheet(element);
    cells(sheet);
    chooser(sheet);
  }
  steps.changed = () => { byId("undo").disabled = !steps.length; };
  byId("undo")?.addEventListener("click", () => steps.back());
  steps.listen();
}
byId("print")?.addEventListener("click", () => print());
document.documentElement.dataset.ready = "1";
