// A correction of a visit: a new entry beside the one that stands, everything in it anew (DOMAIN.md section 9).
import { get, post } from "./requests.js";
import { say } from "./words.js";

const TOLD = ["chain_id", "number", "latest_id", "is_latest", "differences", "version", "created_at", "updated_at", "published_at", "municipality_id", "suppressed", "corrects_id"];

/** Show the form in a visit's row; saved, the page is read anew. */
export async function correcting(row) {
  const place = row.querySelector("[data-part=correct]");
  const before = [...place.childNodes];
  const { body } = await get(`/api/v1/monitoring-visits/${row.dataset.visit}`);
  const visit = body.properties;
  const form = document.createElement("form");
  form.className = "correcting";
  form.noValidate = true;
  const fields = {
    actual_quantity: line("actual_quantity", visit.actual_quantity ?? "", { inputmode: "decimal" }),
    quantity_unit: line("quantity_unit", visit.quantity_unit),
    actual_som: line("actual_som", visit.actual_som ?? "", { inputmode: "numeric" }),
    standard_met: choice(visit.standard_met),
    summary: line("summary", visit.summary, {}, "textarea"),
    recommendations: line("recommendations", visit.recommendations, {}, "textarea"),
  };
  const how = Object.assign(document.createElement("p"), { className: "quiet", textContent: say("watching.correct.how") });
  const said = Object.assign(document.createElement("p"), { className: "said" });
  said.setAttribute("role", "alert");
  const save = Object.assign(document.createElement("button"), { type: "submit", className: "primary", textContent: say("watching.correct.save") });
  const cancel = Object.assign(document.createElement("button"), { type: "button", className: "secondary", textContent: say("watching.correct.cancel") });
  const actions = Object.assign(document.createElement("div"), { className: "actions" });
  actions.append(save, cancel);
  form.append(how, ...Object.values(fields).map((one) => one.label), said, actions);
  cancel.addEventListener("click", () => { place.replaceChildren(...before); before[0].focus?.(); });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    save.disabled = true;
    said.textContent = "";
    try {
      const properties = { ...Object.fromEntries(Object.entries(visit).filter(([name]) => !TOLD.includes(name))), corrects_id: body.id };
      for (const [name, one] of Object.entries(fields)) properties[name] = one.read();
      const made = await post("/api/v1/monitoring-visits", { type: "Feature", geometry: body.geometry, properties });
      location.hash = `visit-${made.body.id}`;
      location.reload();
    } catch (error) {
      save.disabled = false;
      said.textContent = error.detail ?? say("frame.fault");
      const [wrong] = error.fields ?? [];
      fields[wrong?.field?.split(".").at(-1)]?.control.focus();
    }
  });
  place.replaceChildren(form);
  fields.actual_quantity.control.focus();
}

function line(name, value, more = {}, element = "input") {
  const label = document.createElement("label");
  const control = document.createElement(element);
  control.value = value;
  for (const [key, one] of Object.entries(more)) control.setAttribute(key, one);
  label.append(say(name in { summary: 1, recommendations: 1 } ? `watching.${name}` : `watching.correct.${name}`), control);
  const isNumber = "inputmode" in more;
  const read = () => {
    if (!isNumber) return control.value.trim();
    const plain = control.value.replace(/[\s\u00a0]/g, "").replace(",", ".");
    return plain === "" ? null : Number.isFinite(Number(plain)) ? Number(plain) : control.value; // rubbish goes along: the service says what is wrong
  };
  return { label, control, read };
}

function choice(value) {
  const label = document.createElement("label");
  const control = document.createElement("select");
  for (const [code, key] of [["true", "yes"], ["false", "no"], ["", "not_looked"]]) control.append(new Option(say(`watching.${key}`), code, false, String(value ?? "") === code));
  label.append(say("watching.correct.standard"), control);
  return { label, control, read: () => (control.value === "" ? null : control.value === "true") };
}
