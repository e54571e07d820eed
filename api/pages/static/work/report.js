// Stage 8: papers are made when they are asked for; how far one is stands at it, and it opens beside the list.
import { complain } from "./notices.js";
import { get, post } from "./requests.js";
import { number, say } from "./words.js";

const SHOWN = new Set(["html", "svg", "png", "pdf"]);
const EVERY_MS = 500;
const choices = document.getElementById("choices");
const preview = document.getElementById("preview");
let latest = 0;

document.querySelector(".shelves").addEventListener("click", (event) => {
  const press = event.target.closest(".make");
  if (press && press.getAttribute("aria-busy") !== "true") make(press).catch(complain);
});

async function make(press) {
  const paper = press.closest(".paper");
  const mine = ++latest;
  const { language, audience } = Object.fromEntries(new FormData(choices));
  const asked = { ...JSON.parse(paper.dataset.asked), language, format: press.dataset.format, audience: paper.dataset.public === "true" ? "public" : audience };
  const [said, result, progress] = [".said", ".result", ".progress"].map((one) => paper.querySelector(one));
  said.textContent = "";
  result.replaceChildren();
  press.setAttribute("aria-busy", "true");
  progress.hidden = false;
  tellProgress(progress, 0, "");
  try {
    const made = await finished((await post("/api/v1/renderings", asked)).body, progress);
    const keep = Object.assign(document.createElement("a"), { href: `${made.file}?download=true`, download: made.name, textContent: say("report_page.keep", { name: made.name }) });
    const size = Object.assign(document.createElement("span"), { className: "quiet", textContent: say("report_page.kilobytes", { size: number(Math.max(1, made.bytes / 1000)) }) });
    result.append(keep, size);
    if (SHOWN.has(asked.format)) {
      if (mine === latest) show(made, asked.format, paper.querySelector("h3").firstChild.textContent);
    } else keep.click();
  } catch (error) {
    if (!error?.detail) throw error;
    said.textContent = error.detail;
  } finally {
    press.removeAttribute("aria-busy");
    progress.hidden = true;
  }
}

async function finished(state, progress) {
  while (!state.file) {
    if (["failed", "cancelled"].includes(state.state)) throw { detail: state.problem || say("report_page.failed") };
    tellProgress(progress, state.progress, state.step);
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
    state = (await get(`/api/v1/renderings/${state.id}`)).body;
  }
  return state;
}

function tellProgress(place, part, step) {
  place.querySelector("progress").value = part;
  place.querySelector("span").textContent = step || say("report_page.waiting");
}

function show(made, format, title) {
  const head = document.createElement("p");
  head.className = "head";
  const name = Object.assign(document.createElement("strong"), { textContent: title });
  const open = Object.assign(document.createElement("a"), { href: made.file, target: "_blank", rel: "noopener", textContent: say("report_page.open_alone") });
  head.append(name, open);
  const frame = document.createElement(format === "png" || format === "svg" ? "img" : "iframe");
  frame.src = format === "pdf" ? `${made.file}#navpanes=0&view=FitH` : made.file;
  if (frame.tagName === "IMG") frame.alt = title;
  else frame.title = title;
  preview.replaceChildren(head, frame);
  if (matchMedia("(max-width: 900px)").matches) preview.scrollIntoView({ block: "start" });
}

document.documentElement.dataset.ready = "1";
