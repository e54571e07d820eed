// Keeping a placement: as a new version, never over somebody else's without being told; earlier ones can be brought back.
import { complain, tell } from "./notices.js";
import { get, post, put } from "./requests.js";
import { data, day, metres, number, say } from "./words.js";

const SHEET = `/api/v1/sheets/${data.sheet.id}`;
const by = (id) => document.getElementById(id);

export class Saving {
  #version = data.version;
  #busy = false;

  /** `trial()` gives the newest answer of the service on the points that are shown. */
  constructor(points, { trial }) {
    Object.assign(this, { points, trial });
    by("save")?.addEventListener("click", () => this.save());
    by("versions").addEventListener("toggle", () => { if (by("versions").open) this.#list(); });
  }

  /** Say whether there is something that can be kept. */
  show() {
    const button = by("save");
    if (button) button.disabled = this.#busy || !data.may_save || !this.trial().result || !this.points.isChanged;
  }

  /** Keep what is shown as a new version. */
  async save() {
    if (this.#busy) return;
    this.#busy = true;
    this.show();
    by("save").textContent = say("georef.saving");
    const asked = this.points.snapshot();
    try {
      const { body, etag } = await put(`${SHEET}/placement`, { ...this.points.body, reason: by("reason").value.trim() }, { version: this.#version });
      this.#holds(etag);
      if (JSON.stringify(this.points.snapshot().all) === JSON.stringify(asked.all)) this.points.saved();
      by("reason").value = "";
      this.#outcome(body);
    } catch (error) {
      if (error.status === 412) await this.#meanwhile();
      else refuse(error);
    } finally {
      this.#busy = false;
      by("save").textContent = say("georef.save");
      this.show();
    }
  }

  #holds(version) {
    this.#version = version;
    data.version = version;
  }

  #outcome({ version, shifts }) {
    by("fault").hidden = true;
    const words = [say("georef.saved", { number: version })];
    if (shifts.moved) words.push(say("georef.moved", { moved: number(shifts.moved), middle: metres(shifts.middle_m ?? 0), largest: metres(shifts.largest_m ?? 0) }));
    by("outcome").replaceChildren(element("p", "saved", words.join(" ")));
    const onward = by("onward");
    onward.hidden = false;
    onward.className = "primary";
    if (by("versions").open) this.#list();
  }

  /** Somebody else was quicker: show both, and let the person choose. */
  async #meanwhile() {
    const [{ body: versions }, { etag }] = await Promise.all([get(`${SHEET}/placements`), get(SHEET)]);
    const theirs = versions.items.find((one) => one.is_current) ?? versions.items.at(-1) ?? {};
    const table = element("table");
    const rows = [
      [say("georef.who"), whoWhen(theirs), ""],
      [say("georef.method"), nameOf(theirs.method), nameOf(this.trial().result.method)],
      [say("georef.error"), errorOf(theirs.position_error_m), errorOf(this.trial().result.position_error_m)],
      [say("georef.points_count"), number(countOf(theirs)), number(this.points.complete.filter((one) => one.enabled).length)],
    ];
    const head = element("tr");
    head.append(element("td"), ...["theirs", "yours"].map((name) => Object.assign(element("th", "", say(`georef.${name}`)), { scope: "col" })));
    table.append(head, ...rows.map(([title, ...values]) => {
      const row = element("tr");
      row.append(Object.assign(element("th", "", title), { scope: "row" }), ...values.map((value) => element("td", "", value)));
      return row;
    }));
    const card = element("section", "card meanwhile");
    const buttons = element("p", "tools");
    buttons.append(
      button("primary", say("georef.take_theirs"), () => this.#takeStored().then(() => card.remove(), complain)),
      button("secondary", say("georef.take_yours"), () => { this.#holds(etag); card.remove(); this.save(); }),
    );
    card.append(element("h2", "", say("georef.meanwhile")), table, buttons);
    by("outcome").replaceChildren(card);
    card.scrollIntoView({ block: "nearest" });
  }

  async #list() {
    const list = by("version-list");
    try {
      const { body } = await get(`${SHEET}/placements`);
      const versions = body.items;
      list.replaceChildren(...versions.toReversed().map((one) => this.#line(one)));
      if (!versions.length) list.replaceChildren(element("li", "quiet", say("georef.no_versions")));
    } catch (error) {
      complain(error);
    }
  }

  #line(one) {
    const item = element("li");
    item.value = one.number;
    item.append(element("strong", "", say("georef.version", { number: one.number, method: nameOf(one.method) })));
    const facts = [errorOf(one.position_error_m), say("georef.version_points", { points: number(countOf(one)) }), whoWhen(one), one.reason].filter(Boolean);
    item.append(element("p", "quiet", facts.join(" · ")));
    if (one.is_current) item.append(element("p", "current", say("georef.version_current")));
    else if (data.may_save) item.append(button("secondary", say("georef.restore"), () => this.#restore(one.number)));
    return item;
  }

  async #restore(version) {
    if (this.#busy) return;
    this.#busy = true;
    try {
      await post(`${SHEET}/placements/${version}/restore`, {}, { version: this.#version });
      await this.#takeStored();
      tell(say("georef.restored", { number: version }));
      await this.#list();
    } catch (error) {
      if (error.status === 412) await this.#meanwhile().catch(complain);
      else refuse(error);
    } finally {
      this.#busy = false;
      this.show();
    }
  }

  /** Show what the service has now in place of what is shown. */
  async #takeStored() {
    const [{ body: versions }, { etag }] = await Promise.all([get(`${SHEET}/placements`), get(SHEET)]);
    const current = versions.items.find((one) => one.is_current);
    this.#holds(etag);
    this.points.replaced(current.control_points, current.method);
  }
}

const nameOf = (method) => data.methods[method] ?? method ?? "";
const errorOf = (error) => (error == null ? say("georef.unknown_error") : say("taking.error", { metres: number(error, error < 10 ? 1 : 0) }));
const countOf = (one) => (one.control_points ?? []).filter((point) => point.enabled).length;
const whoWhen = (one) => [one.made_by, one.made_at && day(one.made_at)].filter(Boolean).join(", ");

function refuse(error) {
  if (!error.detail) return void complain(error);
  by("fault").textContent = error.detail;
  by("fault").hidden = false;
}

function element(name, className = "", text = "") {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

function button(className, text, press) {
  const made = element("button", className, text);
  made.type = "button";
  made.addEventListener("click", press);
  return made;
}
