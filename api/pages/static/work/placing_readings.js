// Places that were measured or set elsewhere: a GPS reading typed in, a list of points pasted or chosen as a file.
import { readNumber, readPlace } from "./coordinates.js";
import { tell } from "./notices.js";
import { post } from "./requests.js";
import { data, number, say } from "./words.js";

const LONGEST_FILE = 2_000_000;

/** Let the two forms add points. */
export function listen(points) {
  listenToReading(document.getElementById("gps-form"), points);
  listenToList(document.getElementById("paste-form"), points);
}

function listenToReading(form, points) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const text = form.place.value.trim();
    const accuracy = form.accuracy.value.trim() === "" ? null : readNumber(form.accuracy.value);
    const lonlat = readPlace(text, data.lonlat);
    if (!lonlat) return refuse(form, say("georef.gps_bad", { text: text.slice(0, 60) }), form.place);
    if (accuracy === null ? form.accuracy.value.trim() !== "" : !(accuracy > 0)) return refuse(form, say("georef.accuracy_bad"), form.accuracy);
    refuse(form, "");
    points.add({ lonlat, label: form.label.value.trim(), source: "gps", accuracy_m: accuracy });
    form.reset();
    form.label.focus();
    return undefined;
  });
}

function listenToList(form, points) {
  const file = document.getElementById("paste-file");
  file.addEventListener("change", async () => {
    const chosen = file.files[0];
    file.value = "";
    if (!chosen) return;
    if (chosen.size > LONGEST_FILE) return void refuse(form, say("taking.too_large", { name: chosen.name, size: number(chosen.size / 1e6, 1), limit: number(LONGEST_FILE / 1e6) }), file);
    form.text.value = await chosen.text();
    form.requestSubmit();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("[type=submit]");
    if (button.disabled) return;
    if (!form.text.value.trim()) return void refuse(form, say("georef.paste_empty"), form.text);
    button.disabled = true;
    try {
      const asked = { text: form.text.value, ...(form.crs.value.trim() ? { crs: form.crs.value.trim() } : {}) };
      const { body } = await post(`/api/v1/sheets/${data.sheet.id}/control-point-readings`, asked);
      refuse(form, "");
      points.addAll(body.points);
      const isHalf = body.points.some((one) => !one.pixel || !one.lonlat);
      tell(say(isHalf ? "georef.pasted_half" : "georef.pasted", { count: number(body.points.length) }));
      form.reset();
      document.getElementById("paste").open = false;
    } catch (error) {
      refuse(form, error.detail ?? say("frame.fault"), form.text);
    } finally {
      button.disabled = false;
    }
  });
}

function refuse(form, text, field) {
  const fault = form.querySelector(".fault");
  fault.textContent = text;
  fault.hidden = !text;
  for (const one of form.elements) one.removeAttribute("aria-invalid");
  if (text && field) {
    field.setAttribute("aria-invalid", "true");
    field.focus();
  }
}
