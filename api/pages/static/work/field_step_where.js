// Where am I, and what is visited: sites sorted by distance, on the list and on the map.
import { planned } from "./field_draft.js";
import { openSites } from "./field_map.js";
import { button, choice, field, h, input, moment, named } from "./field_parts.js";
import { follow, metresTo } from "./field_place.js";
import { collator, data, day, metres, number, say } from "./words.js";

const MANY = 12;

/** The first step. */
export async function where(draft, { along, save, wrong }) {
  let map = null, byHand = false, showsAll = false, search = "", endFollowing = () => {};
  const state = h("p", { class: "fix", role: "status" });
  const tools = h("div", { class: "tools" });
  const ground = h("div", { class: "ground", id: "ground" });
  const handHint = h("p", { class: "hint", hidden: true }, say("visiting.hand.how"));
  const list = h("div", { class: "sites" });
  const chosenSite = () => (draft.topic === "activity" ? along.activities.find((row) => row.id === draft.activity?.id) : along.features.find((row) => row.id === draft.featureId));
  const places = () => (draft.topic === "activity" ? along.activities : draft.topic === "service" ? along.features.filter((row) => named(row)) : []);
  const geometryOf = (row) => row.geometry ?? along.features.find((one) => one.id === row.site_feature_id)?.geometry ?? null;
  const located = (rows) => rows.map((row) => ({ ...row, geometry: geometryOf(row) })).filter((row) => row.geometry);
  const away = (row) => (draft.place && geometryOf(row) ? metresTo(draft.place.lonlat, geometryOf(row)) : null);

  function told({ state: what, best }) {
    if (byHand) return;
    if (best) {
      draft.place = best;
      save();
      map?.here(best);
      map?.unplaced();
    }
    write(what);
    renderSites();
  }
  function write(what) {
    const place = draft.place;
    state.className = `fix ${what}`;
    const words = what === "hand" ? say("visiting.fix.hand")
      : place?.by === "device" ? `${say(what === "good" ? "visiting.fix.good" : place.accuracy > data.coarseM ? "visiting.fix.coarse" : what === "kept" ? "visiting.fix.kept" : "visiting.fix.better", { accuracy: number(Math.round(place.accuracy)) })}`
      : say(`visiting.fix.${what}`);
    const site = chosenSite();
    const far = site ? away(site) : null;
    state.replaceChildren(words, far === null ? "" : h("strong", { class: "distance" }, say("visiting.distance", { distance: metres(far) })));
    tools.replaceChildren(
      ...(what === "waiting" || what === "better" ? [button(say(draft.place ? "visiting.fix.enough" : "visiting.fix.without"), () => { endFollowing(); write(draft.place ? "kept" : "none"); }, "secondary")] : [button(say("visiting.fix.again"), measure, "secondary")]),
      byHand ? button(say("visiting.hand.middle"), () => map && place_at(map.middle()), "secondary") : button(say("visiting.hand.begin"), beginByHand, "secondary"));
  }
  function measure() {
    endFollowing();
    byHand = false;
    handHint.hidden = true;
    if (draft.place?.by === "hand") draft.place = null;
    endFollowing = follow(told);
  }
  function beginByHand() {
    endFollowing();
    byHand = true;
    handHint.hidden = false;
    write(draft.place?.by === "hand" ? "hand" : draft.place ? "kept" : "none");
    ground.scrollIntoView({ block: "nearest" });
  }
  function place_at(lonlat) {
    draft.place = { lonlat: lonlat.map((one) => Number(one.toFixed(7))), by: "hand" };
    map?.placed(draft.place.lonlat);
    save();
    write("hand");
    renderSites();
    return true;
  }

  function pick(id) {
    const row = places().find((one) => one.id === id);
    if (!row) return;
    if (draft.topic === "activity") {
      draft.activity = planned(row);
      draft.settlementId = row.settlement_id ?? draft.settlementId ?? nearestSettlement();
      if (draft.plannedQuantity === null) draft.plannedQuantity = row.quantity;
      if (!draft.quantityUnit) draft.quantityUnit = row.quantity_unit ?? "";
      if (draft.plannedSom === null) draft.plannedSom = row.need_som;
      if (!draft.plannedOn) draft.plannedOn = row.deadline_to;
    } else {
      draft.featureId = row.id;
      draft.settlementId = row.settlement_id;
      draft.service ||= named(row);
    }
    draft.title = draft.topic === "activity" ? row.title : named(row);
    settlement.value = draft.settlementId ?? "";
    map?.choose(id);
    save();
    write(state.className.replace("fix ", ""));
    renderSites();
  }
  function nearestSettlement() {
    const sorted = along.settlements.filter((row) => row.geometry).map((row) => [draft.place ? metresTo(draft.place.lonlat, row.geometry) : 0, row.id]).sort((one, other) => one[0] - other[0]);
    return sorted[0]?.[1] ?? null;
  }

  function renderSites() {
    const held = list.contains(document.activeElement) ? document.activeElement.value : null;
    const words = search.toLocaleLowerCase();
    const rows = places().map((row) => ({ row, name: draft.topic === "activity" ? row.title : named(row), far: away(row) }))
      .filter(({ name }) => name.toLocaleLowerCase().includes(words))
      .sort((one, other) => (one.far ?? Infinity) - (other.far ?? Infinity) || collator.compare(one.name, other.name));
    const chosen = chosenSite();
    const shown = showsAll || words ? rows : rows.filter(({ row }, place) => place < MANY || row.id === chosen?.id);
    list.replaceChildren(
      ...shown.map(({ row, name, far }) => h("label", { class: "site" },
        h("input", { type: "radio", name: "site", value: row.id, checked: row.id === chosen?.id, onchange: () => pick(row.id) }),
        h("span", {}, h("strong", {}, name), h("small", { class: "quiet" }, about(row, far))))),
      rows.length ? "" : h("p", { class: "empty" }, say("visiting.site.nothing")),
      shown.length < rows.length ? button(say("visiting.site.all", { count: rows.length }), () => { showsAll = true; renderSites(); }, "secondary") : "");
    if (held) list.querySelector(`input[value="${held}"]`)?.focus({ preventScroll: true });
  }
  function about(row, far) {
    const last = along.visited[row.id];
    return [far === null ? say("visiting.site.no_place") : metres(far), last ? say("visiting.site.last", { day: day(last) }) : draft.topic === "activity" ? say("visiting.site.never") : ""].filter(Boolean).join(" · ");
  }

  const what = h("div", { class: "what" });
  const settlement = h("select", { onchange: (event) => { draft.settlementId = event.target.value || null; save(); } }, h("option", { value: "" }, "—"), along.settlements.map((row) => h("option", { value: row.id }, named(row))));
  function renderWhat() {
    renderSites();
    settlement.value = draft.settlementId ?? "";
    const searching = h("input", { type: "search", autocomplete: "off", oninput: (event) => { search = event.target.value; renderSites(); } });
    what.replaceChildren(
      draft.topic === "service" ? field("service", say("visiting.service"), input(draft.service, (words) => { draft.service = words; draft.title = words; save(); }), { wrong: wrong("service"), hint: say("visiting.service.hint") }) : "",
      places().length > MANY ? field("search", say("visiting.site.search"), searching) : "",
      places().length || draft.topic === "activity" ? h("fieldset", { class: wrong("activity_id") ? "choice wrong" : "choice", data: { field: "activity_id" } }, h("legend", {}, say(draft.topic === "activity" ? "visiting.site.activity" : "visiting.site.object")), list, wrong("activity_id") && h("p", { class: "said", role: "alert" }, wrong("activity_id"))) : "",
      draft.topic === "local_government" || draft.topic === "social_problem" ? field("title", say("visiting.about"), input(draft.title, (words) => { draft.title = words; save(); }), { hint: say("visiting.about.hint") }) : "",
      field("settlement_id", say("visiting.settlement"), settlement, { wrong: wrong("settlement_id") }));
  }

  const element = h("div", {},
    choice("topic", say("visiting.topic"), Object.entries(data.labels.VisitTopic), draft.topic, (topic) => { Object.assign(draft, { topic }); save(); renderWhat(); }),
    h("section", { class: "card here", "aria-label": say("visiting.here"), data: { field: "geometry" } }, state, tools, handHint, wrong("geometry") && h("p", { class: "said", role: "alert" }, wrong("geometry")), ground),
    what,
    choice("method", say("visiting.method"), Object.entries(data.labels.VisitMethod), draft.method, (method) => { draft.method = method; save(); }),
    h("p", { class: "quiet", data: { field: "visited_at" } }, say("visiting.began", { moment: moment(draft.visitedAt) }), wrong("visited_at") && h("span", { class: "said", role: "alert" }, ` ${wrong("visited_at")} `), wrong("visited_at") && button(say("visiting.now"), () => { draft.visitedAt = new Date().toISOString(); save(); })));
  renderWhat();
  return {
    element,
    leave: () => { endFollowing(); map?.close(); },
    async shown() {
      if (draft.place) { byHand = draft.place.by === "hand"; write(byHand ? "hand" : "kept"); } else endFollowing = follow(told);
      map = await openSites(ground, along, { sites: located([...along.activities, ...(draft.topic === "service" ? places() : [])]), pick, tap: (lonlat) => (byHand ? place_at(lonlat) : false), centre: draft.place?.lonlat });
      if (!map) return;
      if (draft.place?.by === "device") map.here(draft.place);
      if (draft.place?.by === "hand") map.placed(draft.place.lonlat);
      map.choose(chosenSite()?.id);
      ground.dataset.open = "1";
    },
  };
}
