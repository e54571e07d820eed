// One diagram at work: its table, what is done there, and the service that keeps it.
import { complain, tell } from "./notices.js";
import { freePlace, placeFor, relationOf } from "./venn_rules.js";
import { Diagram } from "./venn_store.js";
import { Table } from "./venn_table.js";
import { data, say } from "./words.js";

const SIZES = data.sizes; // radii by importance, in radii of a small circle
const SMALL = 62; // radius of a small circle on an empty table
const MARGIN = 24;

export class Desk {
  /** Called after every change that the service took. */
  changed = () => {};
  /** Called when others changed something. */
  heard = () => {};
  /** Called when a circle is chosen or no longer. */
  chosen = () => {};
  picked = null;
  doing = 0;

  constructor(root, { event, diagram, steps, bubble }) {
    this.root = root;
    this.steps = steps;
    this.store = new Diagram(event, diagram);
    this.table = new Table(root.querySelector(".venn-table"), { bubble, editable: data.editable });
    this.table.dropped = (circle, before) => this.#dropped(circle, before);
    this.table.chosen = (circle) => this.pick(circle);
    this.state = root.querySelector(".venn-state");
    this.waiting = Promise.resolve();
  }

  get isBusy() { return this.doing > 0; }

  get circles() { return this.store.circles; }

  async open() {
    await this.store.load();
    this.#size();
    if (this.circles.some((circle) => circle.draft)) await this.#draft();
    this.show();
    const scroll = this.root.querySelector(".venn-scroll");
    scroll.scrollLeft = (scroll.scrollWidth - scroll.clientWidth) / 2;
  }

  /** How large the table is: as wide as what lies on it, else by the number of circles. */
  #size() {
    const laid = this.circles.filter((circle) => !circle.draft);
    const grown = Math.sqrt(Math.max(1, this.circles.length / 15));
    const box = { left: 0, top: 0, right: 1200 * grown, bottom: 800 * grown };
    if (laid.some((circle) => circle.fields.sheet_id)) Object.assign(box, { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity });
    for (const { x, y, r } of laid) {
      const margin = Math.max(MARGIN, r * 0.3);
      box.left = Math.min(box.left, x - r - margin);
      box.top = Math.min(box.top, y - r - margin);
      box.right = Math.max(box.right, x + r + margin);
      box.bottom = Math.max(box.bottom, y + r + margin);
    }
    this.table.box = { x: box.left, y: box.top, width: box.right - box.left, height: box.bottom - box.top };
    const sized = laid.filter((circle) => circle.importance).map((circle) => circle.r / SIZES[circle.importance]).sort((a, b) => a - b);
    this.small = sized.length ? sized[Math.floor(sized.length / 2)] : SMALL;
    // What lies on a photographed sheet is in its pixels: type and lines grow with it.
    this.table.unit = laid.some((circle) => circle.fields.sheet_id) ? this.small / SMALL : 1;
  }

  /** Lay out what nobody laid yet: as the ties say where nothing lies, else beside the rest. */
  async #draft() {
    const drafts = this.circles.filter((circle) => circle.draft);
    const { box } = this.table;
    if (drafts.length === this.circles.length) {
      this.#told("laying");
      const found = await this.store.arrangement();
      const all = [...found.values()];
      const [left, top] = [Math.min(...all.map((one) => one.x - one.radius)), Math.min(...all.map((one) => one.y - one.radius))];
      const [right, bottom] = [Math.max(...all.map((one) => one.x + one.radius)), Math.max(...all.map((one) => one.y + one.radius))];
      const scale = Math.min((box.width - 2 * MARGIN) / (right - left), (box.height - 2 * MARGIN) / (bottom - top), SMALL * 1.3);
      for (const circle of drafts) {
        const one = found.get(circle.id);
        circle.x = box.x + box.width / 2 + (one.x - (left + right) / 2) * scale;
        circle.y = box.y + box.height / 2 + (one.y - (top + bottom) / 2) * scale;
        circle.r = one.radius * scale;
      }
      return;
    }
    const laid = this.circles.filter((circle) => !circle.draft);
    for (const circle of drafts) {
      circle.r = this.radius(circle.importance);
      Object.assign(circle, freePlace(circle.r, laid, box));
      laid.push(circle);
    }
  }

  radius(importance) { return this.small * SIZES[importance ?? "medium"]; }

  /** Show the table as it is now. */
  show() {
    const lines = this.store.said.map((tie) => ({ first: tie.first_id, second: tie.second_id, relation: tie.relation })).filter(({ first, second, relation }) => {
      const [one, other] = [first, second].map((id) => this.circles.find((circle) => circle.id === id));
      return one && other && relationOf(one, other, data.tolerance) !== relation;
    });
    this.table.show(this.circles, lines);
    this.root.querySelector(".venn-empty").hidden = this.circles.length > 0;
    this.root.querySelector(".venn-draft").hidden = !this.circles.some((circle) => circle.draft);
    this.#told("");
    if (this.picked) this.table.mark(this.picked.id);
  }

  pick(circle) {
    this.picked = circle;
    this.table.mark(circle?.id);
    this.chosen(circle);
  }

  /** Do something with the service, one after the other; what it refuses is told and shown as it was before. */
  async act(work, { told } = {}) {
    this.doing += 1;
    const turn = this.waiting.then(async () => {
      this.#told("saving");
      try {
        await work();
        await this.store.loadTies();
        this.show();
        this.#told("saved");
        this.changed();
        if (told) tell(told);
        return true;
      } catch (error) {
        this.show();
        this.#told("not_saved");
        if (error.status === 412) await this.conflict(error); else throw error;
        return false;
      } finally {
        this.doing -= 1;
      }
    });
    this.waiting = turn.catch(() => {});
    return turn;
  }

  #told(state) {
    this.state.dataset.state = state;
    this.state.textContent = state && state !== "laying" ? say(`venn_page.${state}`) : "";
  }

  /** Save where circles lie; with those that nobody laid yet, so that the whole table stays as it is seen. */
  async #keep(circles) {
    const drafts = this.circles.filter((circle) => circle.draft && !circles.includes(circle));
    if (drafts.length || circles.length > 1 || circles[0].draft) await this.store.lay([...circles, ...drafts]);
    else await this.store.change(circles[0], { pixel_x: circles[0].x, pixel_y: circles[0].y, pixel_radius: circles[0].r });
  }

  async #dropped(circle, before) {
    const put = { x: circle.x, y: circle.y };
    try {
      const kept = await this.act(async () => {
        try {
          await this.#keep([circle]);
        } catch (error) {
          if (error.status === 412) this.mine = { circle, place: put };
          Object.assign(circle, before);
          throw error;
        }
      });
      if (kept) this.steps.note(say("venn_page.moved", { name: circle.name }), () => this.#moveTo(circle, before));
    } catch (error) {
      complain(error);
    }
  }

  async #moveTo(circle, place) {
    await this.act(async () => {
      const now = { x: circle.x, y: circle.y };
      Object.assign(circle, place);
      try {
        await this.#keep([circle]);
      } catch (error) {
        Object.assign(circle, now);
        throw error;
      }
    });
  }

  /** Look at what others did meanwhile, show it, and say so. */
  async look() {
    if (this.isBusy || this.table.held || document.hidden) return;
    const news = await this.store.news();
    if (!news) return;
    if (news.added.some((circle) => circle.draft)) await this.#draft();
    this.#size();
    this.show();
    if (news.removed.includes(this.picked)) this.pick(null);
    this.heard();
    for (const [what, circles] of Object.entries(news)) if (circles.length) tell(say(`venn_page.other.${what}`, { names: circles.map((circle) => circle.name).join(", ") }));
  }

  /** Somebody changed it meanwhile: the newer is shown, and who was later may put it otherwise. */
  async conflict(error) {
    const row = this.root.querySelector(".venn-conflict");
    const theirs = error.problem.current;
    const circle = this.mine?.circle ?? this.circles.find((one) => one.id === (theirs?.id ?? theirs?.properties?.id));
    const mine = this.mine?.place;
    this.mine = null;
    if (!circle) { this.open().catch(complain); complain(error); return; }
    await this.#settleBy(circle, null);
    row.querySelector("p").textContent = say("venn_page.conflict", { name: circle.name });
    row.hidden = false;
    const [keep, take] = row.querySelectorAll("button");
    const close = () => { row.hidden = true; };
    keep.hidden = !mine;
    keep.onclick = () => { close(); this.#settleBy(circle, mine); };
    take.onclick = close;
    (mine ? keep : take).focus();
  }

  async #settleBy(circle, mine) {
    const id = circle.id;
    await this.store.load();
    await this.#draftAgain();
    this.show();
    this.changed();
    const now = this.circles.find((one) => one.id === id);
    if (now && mine) {
      const before = { x: now.x, y: now.y };
      Object.assign(now, mine);
      await this.#dropped(now, before);
    }
  }

  async #draftAgain() {
    this.#size();
    if (this.circles.some((circle) => circle.draft)) await this.#draft();
  }

  async add({ name, kind }) {
    let made = null;
    const fields = (r) => ({ [`name_${data.language}`]: name, kind, importance: "medium", ...placed(freePlace(r, this.circles, this.table.box), r) });
    await this.act(async () => {
      if (this.circles.length) await this.#layDrafts();
      made = await this.store.add(fields(this.radius("medium")));
    });
    this.steps.note(say("venn_page.added", { name }), () => this.act(() => this.#takeOff(made)));
    this.pick(made);
    this.table.part(made.id)?.focus();
  }

  async #layDrafts() {
    const drafts = this.circles.filter((circle) => circle.draft);
    if (drafts.length) await this.store.lay(drafts);
  }

  async #takeOff(circle) {
    await this.store.remove(circle);
    if (this.picked === circle) this.pick(null);
  }

  async remove(circle) {
    const taken = await this.act(() => this.#takeOff(circle));
    if (taken) this.steps.note(say("venn_page.removed", { name: circle.name }), () => this.act(() => this.store.restore(circle)));
    return taken;
  }

  /** Change what was said of a circle. */
  async change(circle, fields) {
    const before = Object.fromEntries(Object.keys(fields).map((name) => [name, circle.fields[name]]));
    const name = circle.name;
    const kept = await this.act(() => this.store.change(circle, fields));
    if (kept) this.steps.note(say("venn_page.changed", { name }), () => this.act(() => this.store.change(circle, before)));
    return kept;
  }

  /** Say how large a circle is; where it lies on the table it grows there. */
  resize(circle, importance) {
    const r = this.radius(importance);
    return this.change(circle, { importance, ...(circle.draft || !importance ? {} : placed(circle, r)) });
  }

  /** How two circles stand: as people said, else as they lie. */
  standing(one, other) {
    const said = this.store.saidOf(one, other);
    const drawn = relationOf(one, other, data.tolerance);
    return { relation: said?.relation ?? drawn, drawn, said: said?.relation ?? null };
  }

  /** Set a tie directly: a circle moves so that it says it, or it is noted as said by people. */
  async tie(one, other, wanted) {
    const { drawn, said } = this.standing(one, other);
    if ((said ?? drawn) === wanted) return;
    const rule = [data.tolerance, this.table.box];
    let [moving, place] = [one, null];
    if (wanted !== "unknown" && drawn !== wanted) {
      place = placeFor(one, other, wanted, this.circles, ...rule);
      if (!place) [moving, place] = [other, placeFor(other, one, wanted, this.circles, ...rule)];
    }
    const before = { x: moving.x, y: moving.y };
    const shows = place || drawn === wanted;
    const kept = await this.act(async () => {
      if (place) {
        Object.assign(moving, place);
        try { await this.#keep([moving]); } catch (error) { Object.assign(moving, before); throw error; }
      }
      await this.store.saySomething(one, other, shows ? null : wanted);
    }, { told: shows ? undefined : say("venn_page.marked") });
    if (!kept) return;
    this.steps.note(say("venn_page.tied", { first: one.name, second: other.name }), () => this.act(async () => {
      if (place) { Object.assign(moving, before); await this.#keep([moving]); }
      await this.store.saySomething(one, other, said);
    }));
  }

  /** Let the drawing tell again what people said otherwise. */
  async tieAsDrawn(one, other) {
    const { said } = this.standing(one, other);
    const kept = await this.act(() => this.store.saySomething(one, other, null));
    if (kept) this.steps.note(say("venn_page.tied", { first: one.name, second: other.name }), () => this.act(() => this.store.saySomething(one, other, said)));
  }
}

const placed = ({ x, y }, r) => ({ pixel_x: x, pixel_y: y, pixel_radius: r });
