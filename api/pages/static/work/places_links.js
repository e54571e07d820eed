// What on the map causes or shows a problem: proposed by nearness and kind, decided by people with a reason.
import { make } from "./elements.js";
import { complain, tell } from "./notices.js";
import { get, post } from "./requests.js";
import { steps } from "./places_store.js";
import { data, knows, metres, say } from "./words.js";

/** Draw the links of a problem into a list; `point` shows an object on the map. */
export async function showLinks(list, problem, point) {
  const { body } = await get(`/api/v1/problems/${problem}/chain`);
  const order = ["proposed", "confirmed", "rejected"];
  const links = [...body.features].sort((one, other) => order.indexOf(one.state) - order.indexOf(other.state) || (one.distance_m ?? 0) - (other.distance_m ?? 0));
  list.replaceChildren(...links.map((one) => line(one, point, () => showLinks(list, problem, point))));
  if (!links.length) list.append(make("li", { className: "quiet", text: say("pins.no_links") }));
}

/** Ask for proposals; what was rejected is not proposed again. */
export async function propose(problem) {
  const { body } = await post(`/api/v1/problems/${problem}/feature-proposals`);
  tell(say("pins.proposed", { count: body.length }));
}

function line(link, point, redraw) {
  const kind = knows(`kind.${link.kind}`) ? say(`kind.${link.kind}`) : link.kind;
  const name = link.name && link.name !== kind ? `${kind}: ${link.name}` : kind;
  const facts = [say(`feature_role.${link.role}`), link.distance_m === null ? "" : metres(link.distance_m)].filter(Boolean).join(" · ");
  const reason = make("input", { maxLength: 1000, ariaLabel: say("pins.reason_for", { name }), placeholder: say("pins.reason") });
  const off = make("p", { className: "told-off" });
  off.setAttribute("role", "alert");
  const decide = (state) => async () => {
    off.textContent = "";
    try {
      await post(`/api/v1/problem-features/${link.link_id}/decision`, { state, reason: reason.value.trim() });
      if (link.state !== "proposed") steps.note(name, async () => { await post(`/api/v1/problem-features/${link.link_id}/decision`, { state: link.state, reason: say("pins.taken_back") }); await redraw(); });
      await redraw();
    } catch (error) {
      if (!error.detail) throw error;
      off.textContent = error.detail;
      reason.focus();
    }
  };
  const button = (key, className, press) => make("button", { type: "button", className, text: say(key), on: { click: press } });
  return make("li", { className: link.state },
    make("div", {}, make("strong", { text: name }), " ", make("span", { className: "quiet", text: facts }), " ", make("span", { className: "state", text: say(`link_state.${link.state}`) })),
    ...(data.may_link ? [reason] : []), off,
    make("div", { className: "row" },
      button("pins.show", "secondary", () => point(link.feature_id).catch(complain)),
      ...(data.may_link && link.state !== "confirmed" ? [button("pins.accept", "primary", decide("confirmed"))] : []),
      ...(data.may_link && link.state !== "rejected" ? [button("pins.reject", "secondary", decide("rejected"))] : [])));
}
