// Who visited, each with a sign: drawn with a finger, or a tick. Names and signs are never public.
import { button, field, h, input, named } from "./field_parts.js";
import { signing } from "./field_sign.js";
import { say } from "./words.js";

/** The step of the members. */
export function members(draft, { along, save, wrong }) {
  const list = h("div", { class: "members" });
  const signed = (one) => Boolean(one.sign);
  const render = () => list.replaceChildren(...draft.members.map((one, place) => {
    const tick = h("input", { type: "checkbox", checked: signed(one), onchange: (event) => { one.sign = event.target.checked ? { how: "tick", at: new Date().toISOString() } : null; save(); render(); } });
    const drawn = signing(one.sign?.strokes ?? [], say("visiting.sign.draw_here", { name: one.name }), (strokes) => {
      one.sign = strokes.length ? { how: "drawn", at: new Date().toISOString(), strokes } : null;
      tick.checked = signed(one);
      save();
    });
    return h("div", { class: "card member" },
      h("div", { class: "row" }, h("strong", {}, one.name), button(say("visiting.member.remove"), () => { draft.members.splice(place, 1); save(); render(); }, "plain", { "aria-label": `${say("visiting.member.remove")}: ${one.name}` })),
      h("label", { class: "tick" }, tick, h("span", {}, say("visiting.sign.tick"))),
      h("details", { open: one.sign?.how === "drawn" }, h("summary", {}, say("visiting.sign.draw")), drawn));
  }));
  const name = h("input", { type: "text", autocomplete: "off", id: "member-name" });
  const add = (event) => {
    event.preventDefault();
    const words = name.value.trim().replace(/\s+/g, " ");
    const isThere = draft.members.some((one) => one.name.toLocaleLowerCase() === words.toLocaleLowerCase());
    if (!words || isThere) { name.focus(); name.select(); return; }
    draft.members.push({ name: words, sign: null });
    name.value = "";
    save();
    render();
    name.focus();
  };
  render();
  return h("div", {},
    h("p", { class: "quiet" }, say("visiting.member.private")),
    wrong("members") || wrong("member_count") ? h("p", { class: "said", role: "alert", data: { field: "members" } }, wrong("members") || wrong("member_count")) : "",
    list,
    h("form", { class: "adding", onsubmit: add }, field("name", say("visiting.member.name"), name), h("button", { class: "secondary", type: "submit" }, say("visiting.member.add"))),
    along.groups.length ? field("group_id", say("visiting.group"), h("select", { onchange: (event) => { draft.groupId = event.target.value || null; save(); } },
      h("option", { value: "" }, "—"), along.groups.map((row) => h("option", { value: row.id, selected: row.id === draft.groupId }, row.name || named(row)))), { wrong: wrong("group_id") }) : "");
}
