// Matches as cards: who drew what, and what can be decided.
import { make } from "./elements.js";
import { day, data, metres, number, say } from "./words.js";

/** Deeds of the page: accept(match, choices), apart(match, reason), back(match), near(match or null), pick(match). */
export function card(match, deeds) {
  const shown = make("li", { class: "match card", tabindex: -1, "data-id": match.id, "data-version": match.version });
  const title = make("h2");
  title.textContent = match.name || match.kind_label;
  const about = [match.name ? match.kind_label : say("matches_page.unnamed"), say("matches_page.agreement", { percent: number(match.score * 100) })];
  if (match.parts.distance_m !== null && match.parts.distance_m !== undefined) about.push(say("matches_page.distance", { distance: metres(match.parts.distance_m) }));
  shown.append(title, make("p", { class: "about" }, about.join(" · ")), make("ul", { class: "drawings" }, ...match.drawings.map((one) => drawing(one, match))));
  if (match.status !== "proposed") {
    if (match.note) { const note = make("p", { class: "note" }); note.textContent = match.note; shown.append(note); }
    if (match.decided_by) { const by = make("p", { class: "quiet" }); by.textContent = say("matches_page.decided", { by: match.decided_by, day: day(match.decided_at) }); shown.append(by); }
  }
  if (data.editable) shown.append(...(match.status === "proposed" ? proposals(match, deeds, shown) : [decision(say("matches_page.take_back"), "secondary", () => deeds.back(match))]));
  shown.append(make("p", { class: "fault", role: "alert" }));
  for (const kind of ["pointerenter", "focusin"]) shown.addEventListener(kind, () => deeds.near(match));
  shown.addEventListener("pointerleave", () => deeds.near(null));
  shown.addEventListener("click", (event) => { if (!event.target.closest("button, input, label, summary")) deeds.pick(match); });
  return shown;
}

function drawing(one, match) {
  const words = make("div");
  const name = make("strong");
  name.textContent = one.feature_id ? one.name || say("matches_page.unnamed") : say("matches_page.gone");
  const about = [one.group, day(one.held_on), one.kind_label, one.condition_label];
  if (one.changed && match.status === "proposed") about.push(say("matches_page.changed"));
  if (one.status === "rejected" && match.status === "confirmed") about.push(say("matches_page.left_out"));
  const line = make("span", { class: "quiet" });
  line.textContent = about.filter(Boolean).join(" · ");
  words.append(name, line);
  return make("li", {}, make("span", { class: "swatch", "aria-hidden": "true" }), words);
}

function proposals(match, deeds, shown) {
  const kept = match.drawings.filter((one) => one.feature_id);
  const places = make("fieldset", {}, make("legend", {}, say("matches_page.whose_place")));
  const choice = (value, words, checked) => {
    const field = make("input", { type: "radio", name: `place-${match.id}`, value, checked });
    places.append(make("label", {}, field, words));
  };
  for (const one of kept) choice(one.feature_id, one.group, one.feature_id === match.canonical_feature_id && match.canonical === "source");
  // Lines have no middle: one may be a part of the other.
  if (kept.every((one) => one.geometry?.type === "Point")) choice("mean", say("matches_page.mean"), match.canonical === "mean");
  const members = kept.length > 2 ? make("fieldset", {}, ...kept.map((one) => make("label", {}, make("input", { type: "checkbox", value: one.feature_id, checked: true }), `${one.group}: ${say("matches_page.belongs")}`))) : "";
  const reason = make("input", { id: `reason-${match.id}`, maxlength: 500, autocomplete: "off" });
  const more = make("details", {}, make("summary", {}, say("matches_page.more")), places, members, make("label", { for: `reason-${match.id}` }, say("matches_page.reason")), reason);
  const choices = () => {
    const place = shown.querySelector("input[type=radio]:checked")?.value;
    const without = [...shown.querySelectorAll("input[type=checkbox]:not(:checked)")].map((one) => one.value);
    return { without, mean: place === "mean", canonical_feature_id: place && place !== "mean" && place !== match.canonical_feature_id ? place : null, reason: reason.value };
  };
  shown.choices = choices;
  const buttons = make("div", { class: "decide" },
    decision(say("matches_page.accept"), "primary", () => deeds.accept(match, choices())),
    decision(say("matches_page.apart"), "secondary", () => deeds.apart(match, reason.value)));
  return [buttons, more];
}

const decision = (words, look, press) => make("button", { type: "button", class: look, onclick: press }, words);
