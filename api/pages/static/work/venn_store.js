// A diagram as the service keeps it: its circles, what people said of them, and the network that follows.
import { create, restore } from "./making.js";
import { ask, get, patch, put } from "./requests.js";
import { data } from "./words.js";

const CIRCLES = "/api/v1/institution-circles";
const TIES = "/api/v1/institution-ties";

export class Diagram {
  circles = [];
  said = [];
  network = null;

  constructor(event, diagram) {
    Object.assign(this, { event, diagram });
  }

  get #asked() { return new URLSearchParams({ event_id: this.event, diagram: this.diagram, limit: 1000 }); }

  async load() {
    const { body } = await get(`${CIRCLES}?${this.#asked}`);
    this.circles = body.features.map(circleOf);
    await this.loadTies();
  }

  /**
   * Read the diagram again and take over what others did; what is shown here keeps its objects.
   * Returns the circles that were changed, added and removed, or null where nothing was.
   */
  async news() {
    const seen = new Map(this.circles.map((circle) => [circle.id, circle.version]));
    const said = this.#saidNow();
    const [{ body }, entered] = await Promise.all([get(`${CIRCLES}?${this.#asked}`), get(`${TIES}?${this.#asked}&origin=entered`)]);
    // What was done here while the answer was on its way is newer than the answer.
    if (this.circles.length !== seen.size || this.circles.some((circle) => circle.version !== seen.get(circle.id))) return null;
    const found = new Map(body.features.map((feature) => [feature.id ?? feature.properties.id, feature]));
    const removed = this.circles.filter((circle) => !found.has(circle.id));
    const changed = this.circles.filter((circle) => found.has(circle.id) && found.get(circle.id).properties.version !== circle.version);
    const added = [...found.values()].filter((feature) => !seen.has(feature.id ?? feature.properties.id)).map(circleOf);
    const isSaid = this.#saidNow(entered.body.items) !== said;
    if (!(removed.length || changed.length || added.length || isSaid)) return null;
    for (const circle of changed) this.take(circle, found.get(circle.id));
    this.circles = [...this.circles.filter((circle) => !removed.includes(circle)), ...added];
    await this.loadTies();
    return { changed, added, removed };
  }

  #saidNow(ties = this.said) { return ties.map((tie) => `${tie.id} ${tie.version}`).sort().join(); }

  /** Read again what holds between the circles. */
  async loadTies() {
    if (!this.circles.length) {
      [this.said, this.network] = [[], null];
      return;
    }
    const [entered, network] = await Promise.all([get(`${TIES}?${this.#asked}&origin=entered`), get(`/api/v1/events/${this.event}/venn?diagram=${this.diagram}`)]);
    this.said = entered.body.items;
    this.network = network.body;
    this.#mark();
  }

  /** Who is local government the service tells by the names, where nobody said it. */
  #mark() {
    const government = new Set((this.network?.institutions ?? []).filter((one) => one.is_local_government).map((one) => one.id));
    for (const circle of this.circles) circle.government = government.has(circle.id);
  }

  /** Where circles would lie as the ties say, in radii of a small one, by id. */
  async arrangement() {
    const { body } = await get(`/api/v1/events/${this.event}/venn/arrangement?diagram=${this.diagram}`);
    return new Map(body.circles.map((one) => [one.id, one]));
  }

  /** Save where circles lie, all at once. */
  async lay(circles) {
    const sent = circles.map(({ id, x, y, r, version }) => ({ id, x, y, radius: r, version }));
    const { body } = await put(`/api/v1/events/${this.event}/venn/positions`, { diagram: this.diagram, circles: sent });
    for (const one of body.circles) {
      const circle = circles.find((other) => other.id === one.id);
      circle.version = one.version;
      circle.draft = false;
    }
  }

  /** Change fields of a circle; `version` "*" takes whatever holds. */
  async change(circle, fields, version = `"${circle.version}"`) {
    const { body } = await patch(`${CIRCLES}/${circle.id}`, { type: "Feature", properties: fields }, version);
    this.take(circle, body);
  }

  /** Take over what the service has of a circle. */
  take(circle, feature) {
    const { x, y, r } = circle;
    Object.assign(circle, circleOf(feature));
    if (circle.draft) Object.assign(circle, { x, y, r });
  }

  async add(fields) {
    const { body } = await create(CIRCLES, { type: "Feature", geometry: null, properties: { ...fields, event_id: this.event, diagram: this.diagram } });
    const circle = circleOf(body);
    this.circles.push(circle);
    return circle;
  }

  async remove(circle) {
    await ask("DELETE", `${CIRCLES}/${circle.id}?reason=${encodeURIComponent(circle.name)}`, { version: `"${circle.version}"` });
    this.circles.splice(this.circles.indexOf(circle), 1);
  }

  /** Put a removed circle back with what was said of it; whoever holds the object goes on with it. */
  async restore(circle) {
    const { body } = await restore("institution-circles", circle.id);
    this.take(circle, body);
    if (!this.circles.includes(circle)) this.circles.push(circle);
  }

  /** What people said of two circles, if they did. */
  saidOf(one, other) {
    return this.said.find((tie) => (tie.first_id === one.id && tie.second_id === other.id) || (tie.first_id === other.id && tie.second_id === one.id));
  }

  /** Note what people say of two circles; null takes it back, and the drawing tells again. */
  async saySomething(one, other, relation) {
    const tie = this.saidOf(one, other);
    if (relation === null) {
      if (tie) await ask("DELETE", `${TIES}/${tie.id}?reason=venn`, { version: `"${tie.version}"` });
    } else if (tie) await patch(`${TIES}/${tie.id}`, { relation }, `"${tie.version}"`);
    else await create(TIES, { first_id: one.id, second_id: other.id, relation });
  }
}

/** A circle as the page works with it. */
export function circleOf(feature) {
  const fields = feature.properties;
  const drawn = fields.pixel_x !== null && fields.pixel_radius !== null;
  return {
    id: feature.id ?? fields.id,
    version: fields.version,
    fields,
    name: fields[`name_${data.language}`] || fields.name_ky || fields.name_ru || fields.name_en,
    kind: fields.kind,
    importance: fields.importance,
    satisfaction: fields.satisfaction,
    government: fields.is_local_government ?? false,
    draft: !drawn,
    ...(drawn ? { x: fields.pixel_x, y: fields.pixel_y, r: fields.pixel_radius } : { x: 0, y: 0, r: 0 }),
  };
}
