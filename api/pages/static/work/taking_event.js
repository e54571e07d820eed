// A new meeting: who met and when.
import { create } from "./making.js";
import { data, say } from "./words.js";

const form = document.getElementById("event-form");
const fault = document.getElementById("event-fault");
const others = document.getElementById("other-group");

if (form) {
  const arrange = () => { others.hidden = form.group.value !== "other"; };
  form.addEventListener("change", arrange);
  arrange();
  form.addEventListener("submit", add);
}

async function add(event) {
  event.preventDefault();
  clear();
  if (!form.held_on.value) return refuse(say("taking.no_day"), ["held_on"]);
  const button = form.querySelector("[type=submit]");
  if (button.disabled) return undefined; // pressed twice
  button.disabled = true;
  try {
    const { body } = await create("/api/v1/events", { type: "Feature", geometry: null, properties: properties() });
    location.assign(`${location.pathname}${location.search}#event-${body.id}`);
    location.reload();
  } catch (error) {
    refuse(error.detail ?? say("frame.fault"), error.fields.map((one) => (one.field ?? one.name ?? one.path ?? "").split(".").at(-1)));
    button.disabled = false;
  }
  return undefined;
}

function properties() {
  const group = form.group.value;
  const whole = (name) => (form[name].value === "" ? null : Number(form[name].value));
  const told = { settlement_id: data.settlement, kind: form.kind.value, held_on: form.held_on.value, participants: whole("participants"), women: whole("women") };
  if (group === "all") return told;
  if (group === "other") {
    return { ...told, group_age_from: whole("group_age_from"), group_age_to: whole("group_age_to"), group_sex: form.group_sex.value, group_other: form.group_other.value, group_reason: form.group_reason.value };
  }
  const [from, to] = group.split("-");
  return { ...told, group_age_from: Number(from), group_age_to: to ? Number(to) : null };
}

function clear() {
  fault.hidden = true;
  for (const field of form.elements) field.removeAttribute("aria-invalid");
}

function refuse(text, names) {
  fault.textContent = text;
  fault.hidden = false;
  const fields = names.map((name) => form.elements[name]).filter((field) => field?.setAttribute);
  for (const field of fields) field.setAttribute("aria-invalid", "true");
  fields[0]?.focus();
}
