// One photo on its way to a sheet: sent, read step by step, and what came of it with what to do next.
import { complain, tell } from "./notices.js";
import { get, ask, post } from "./requests.js";
import { data, locale, number, say } from "./words.js";

const KEPT = "ayilmap.readings";
const LOOK_MS = 500;
const WITHDRAWN = "sheets.photo_withdrawn";
const MOST_PAGES = 20; // sheets taken at once: nobody has drawn more in one meeting

/** Return the readings that were begun in this browser and whose outcome nobody has seen: [{ job, event, name }]. */
export function remembered() {
  try {
    return JSON.parse(localStorage.getItem(KEPT) ?? "[]");
  } catch {
    return [];
  }
}

function remember(change) {
  try {
    localStorage.setItem(KEPT, JSON.stringify(change(remembered()).slice(-50)));
  } catch {
    // A full or forbidden store only means that a reload forgets the outcome; running work is found on the server.
  }
}

export class Reading {
  #job = "";
  #stopped = false;

  constructor({ event, name, file, page = null, again, stored, restored, pages }) {
    Object.assign(this, { event, name, file, page, again, stored, restored, pages });
    this.element = make("li", "reading");
    this.picture = make("img");
    this.picture.alt = "";
    const words = make("div");
    const title = make("strong", "", name);
    this.bar = make("progress");
    this.bar.max = 1;
    this.bar.setAttribute("aria-label", name);
    this.step = make("p", "quiet", say("taking.waiting"));
    this.step.setAttribute("role", "status");
    this.todo = make("ul", "todo");
    this.buttons = make("div", "steps");
    words.append(title, this.bar, this.step, this.todo, this.buttons);
    this.element.append(this.picture, words);
    if (file?.type.startsWith("image/")) this.#preview(file);
    this.#offerStop();
  }

  /** Send the photo, then follow its reading to the end. */
  async send(title) {
    if (this.#stopped) return;
    this.#busy(say("taking.sending", { size: number(this.file.size / 1_000_000, 1) }));
    const form = new FormData();
    form.append("title", title);
    if (this.page) form.append("page", this.page);
    form.append("file", this.file, this.name);
    let job;
    try {
      ({ body: job } = await ask("POST", `/api/v1/events/${this.event}/sheet-photos`, { form }));
    } catch (error) {
      return this.refuse(error.detail ?? say("frame.fault"), { sheet: error.status === 409 ? error.params.id : "", isWithdrawn: error.key === WITHDRAWN, again: error.status === 0 || error.status >= 500 });
    }
    remember((all) => [...all, { job: job.id, event: this.event, name: this.name }]);
    this.follow(job.id).catch(complain); // the next photo is sent meanwhile
  }

  /** Show how far a job is until it is finished, and then what came of it. */
  async follow(job) {
    this.#job = job;
    this.#offerStop();
    if (this.#stopped) await this.#cancel();
    for (;;) {
      let body;
      try {
        ({ body } = await get(`/api/v1/jobs/${job}`));
      } catch (error) {
        if (error.status === 0) { // the service is being started again, or the cable is out
          this.step.textContent = error.detail;
          await pause(4 * LOOK_MS);
          continue;
        }
        forget(job);
        return this.refuse(error.status === 404 ? say("taking.lost") : error.detail);
      }
      if (body.is_finished) return this.#finished(body);
      this.bar.value = body.progress;
      this.step.textContent = body.step_texts?.[locale.language] ?? say("taking.starting");
      await pause(LOOK_MS);
    }
  }

  /** Show why there is no sheet, and what to do. */
  refuse(text, { sheet = "", isWithdrawn = false, again = false, todo = [] } = {}) {
    this.#over("refused", text, todo);
    if (sheet && isWithdrawn) this.buttons.append(button(say("taking.restore"), () => this.restored(sheet).then(() => this.element.remove(), complain), "primary"));
    else if (sheet) this.buttons.append(link(`${data.sheet_page}${sheet}/place`, say("taking.open_it")));
    if (again && this.file) this.buttons.append(button(say("taking.retry"), () => { this.#stopped = false; this.element.classList.remove("refused"); this.again(); }));
    this.#offerDismissal();
  }

  #finished(job) {
    if (job.state === "cancelled") {
      forget(job.id);
      this.#over("", say("taking.cancelled"));
      if (this.file) this.buttons.append(button(say("taking.retry"), () => { this.#stopped = false; this.again(); }));
      return this.#offerDismissal();
    }
    if (job.state !== "done") {
      const problem = job.problem ?? {};
      const text = job.problem_texts?.[locale.language] ?? say("frame.fault");
      if (problem.key === "sheets.which_page") return this.#askPage(text, Number(problem.params.pages));
      const isWithdrawn = problem.key === WITHDRAWN;
      const known = isWithdrawn || problem.key === "sheets.photo_known" ? problem.params.id : "";
      return this.refuse(text, { sheet: known, isWithdrawn, again: job.state === "failed", todo: problem.key?.startsWith("reading.") ? [say("taking.whole_sheet")] : [] });
    }
    const result = job.result ?? {};
    this.stored();
    const read = say(result.is_placed ? "taking.read_placed" : "taking.read", { candidates: number(result.candidates ?? 0) });
    const todo = [...(result.advice ?? [])];
    if (result.verdict !== "doubtful" && result.is_placed) {
      forget(job.id);
      tell(`${this.name}: ${read}`);
      return this.element.remove();
    }
    if (!result.is_placed) todo.push(say("taking.next_place"));
    this.#over(result.verdict === "doubtful" ? "doubtful" : "", read, todo);
    if (result.sheet_id) this.buttons.append(link(`${data.sheet_page}${result.sheet_id}/${result.is_placed ? "draw" : "place"}`, say(result.is_placed ? "taking.draw" : "taking.place")));
    this.#offerDismissal();
  }

  /** A file with several pages: one of them is the sheet, or each is one. */
  #askPage(text, count) {
    forget(this.#job);
    this.#over("", text, this.file ? [] : [say("taking.file_again")]);
    if (this.file) {
      const choice = make("select");
      choice.append(...Array.from({ length: count }, (_, at) => new Option(say("taking.page", { page: number(at + 1) }), at + 1)));
      choice.setAttribute("aria-label", say("taking.which_page"));
      const take = (numbers) => { this.pages(numbers); this.element.remove(); };
      this.buttons.append(choice, button(say("taking.take_page"), () => take([Number(choice.value)]), "primary"));
      if (count <= MOST_PAGES) this.buttons.append(button(say("taking.take_pages", { pages: number(count) }), () => take(Array.from({ length: count }, (_, at) => at + 1))));
    }
    this.#offerDismissal();
  }

  #busy(text) {
    this.bar.hidden = false;
    this.bar.removeAttribute("value");
    this.step.className = "quiet";
    this.step.textContent = text;
    this.todo.replaceChildren();
    this.#offerStop();
  }

  #over(state, text, todo = []) {
    this.bar.hidden = true;
    this.element.className = `reading ${state}`;
    this.step.className = "";
    this.step.textContent = text;
    this.todo.replaceChildren(...todo.map((one) => make("li", "", one)));
    this.buttons.replaceChildren();
  }

  #offerStop() {
    const stop = button(say("taking.cancel"), () => { this.#stopped = true; stop.disabled = true; this.#cancel(); });
    stop.setAttribute("aria-label", say("taking.cancel_this", { name: this.name }));
    this.buttons.replaceChildren(stop);
  }

  async #cancel() {
    if (!this.#job) return void (this.bar.hidden || this.#unsent());
    try {
      await post(`/api/v1/jobs/${this.#job}/cancel`);
    } catch (error) {
      if (error.key !== "job.finished_already") complain(error);
    }
  }

  /** Stopped while others were still being sent. */
  #unsent() {
    if (this.step.textContent !== say("taking.waiting")) return; // on its way: stopped once the service knows it
    this.#over("", say("taking.cancelled"));
    this.buttons.append(button(say("taking.retry"), () => { this.#stopped = false; this.#busy(say("taking.waiting")); this.again(); }));
    this.#offerDismissal();
  }

  #offerDismissal() {
    this.buttons.append(button(say("taking.dismiss"), () => { forget(this.#job); this.element.remove(); }));
  }

  #preview(file) {
    const address = URL.createObjectURL(file);
    this.picture.addEventListener("load", () => URL.revokeObjectURL(address));
    this.picture.addEventListener("error", () => this.picture.removeAttribute("src")); // such as HEIC
    this.picture.src = address;
  }
}

const forget = (job) => remember((all) => all.filter((one) => one.job !== job));
const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));

function make(name, className = "", text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text) made.textContent = text;
  return made;
}

function button(text, press, look = "secondary") {
  const made = make("button", look, text);
  made.type = "button";
  made.addEventListener("click", press);
  return made;
}

function link(address, text) {
  const made = make("a", "primary", text);
  made.href = address;
  return made;
}
