// An empty laptop: the sample is set out at once, unless somebody has gone to begin without it.
import { say } from "./words.js";

const form = document.getElementById("begin");
const progress = document.getElementById("progress");

form.addEventListener("submit", () => {
  progress.textContent = say("home.setting_out");
  form.querySelector("button").disabled = true;
});
// Who comes back to this page with Back has seen the sample, or wants to begin without it.
const [visit] = performance.getEntriesByType("navigation");
// What is being done is on the screen before it begins.
const begin = () => requestAnimationFrame(() => setTimeout(() => form.requestSubmit(), 50));
if (visit?.type !== "back_forward") {
  if (document.readyState === "complete") begin();
  else addEventListener("load", begin);
}
document.documentElement.dataset.ready = "1";
