// The page of Venn diagrams: one table, or the women's and the men's side by side.
import { complain } from "./notices.js";
import { offerFiles } from "./rendered_files.js";
import { isTyping, Steps } from "./undo.js";
import { Desk } from "./venn_desk.js";
import { showDifferences, showFigures, showNothing } from "./venn_figures.js";
import { Matrix } from "./venn_matrix.js";
import { Panel } from "./venn_panel.js";
import { data } from "./words.js";

const LOOKS_EVERY_MS = 4000;
const steps = new Steps();
const undo = document.getElementById("venn-undo");
const differences = document.getElementById("venn-differences");
const bubble = document.getElementById("venn-bubble");

const standard = new Map(data.standard.map((one) => [one.name.toLowerCase(), one]));
const desks = [...document.querySelectorAll(".venn-desk")].map((root) => new Desk(root, { event: data.event, diagram: root.dataset.diagram, steps, bubble }));

for (const desk of desks) {
  const { root } = desk;
  const panel = new Panel(root.querySelector(".venn-panel"), desk, complain);
  const matrix = new Matrix(root.querySelector(".venn-matrix"), desk, complain);
  const figures = root.querySelector(".venn-figures");
  desk.chosen = (circle) => panel.show(circle);
  desk.changed = () => {
    panel.show(desk.picked);
    matrix.show();
    showFigures(figures, desk.store.network);
    compare();
  };
  desk.heard = () => {
    // Whoever is writing about a circle goes on writing.
    if (!(panel.element.contains(document.activeElement) && isTyping(document.activeElement))) panel.show(desk.picked);
    matrix.show();
    showFigures(figures, desk.store.network);
    compare();
  };
  adding(desk);
  zooming(desk);
}

/** Two diagrams are compared once both have circles. */
function compare() {
  if (!differences) return;
  if (desks.every((desk) => desk.circles.length)) showDifferences(differences, data.event).catch(complain);
  else showNothing(differences);
}

/** The field with which institutions come onto the table. */
function adding(desk) {
  const form = desk.root.querySelector(".venn-add");
  if (!form) return;
  const [field, button, fault] = [form.querySelector("input"), form.querySelector("button"), form.querySelector(".fault")];
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const name = field.value.trim();
    if (!name || button.disabled) { field.focus(); return; }
    button.disabled = true;
    fault.textContent = "";
    try {
      await desk.add({ name, kind: standard.get(name.toLowerCase())?.kind ?? "local_institution" });
      field.value = "";
    } catch (error) {
      if (!error.detail) throw error;
      fault.textContent = error.detail;
      field.focus();
    } finally {
      button.disabled = false;
    }
  });
}

function zooming(desk) {
  const table = desk.table.element;
  const [smaller, larger] = desk.root.querySelectorAll(".venn-zoom button");
  let size = 1;
  // A phone begins with circles that a finger can hold, wider than it is; the whole table is one press away.
  const whole = () => Math.min(1, (table.parentElement.clientWidth * size) / (table.getBoundingClientRect().width || 1));
  const zoom = (by) => {
    const least = whole();
    size = Math.min(3, Math.max(least, size * by));
    table.style.setProperty("--zoom", size);
    smaller.disabled = size <= least + 0.001;
    larger.disabled = size === 3;
  };
  smaller.addEventListener("click", () => zoom(1 / 1.4));
  larger.addEventListener("click", () => zoom(1.4));
  zoom(1);
}

if (undo) {
  undo.addEventListener("click", () => steps.back());
  steps.changed = () => { undo.disabled = steps.length === 0; };
  steps.listen();
}
for (const files of document.querySelectorAll(".venn-files")) offerFiles(files, "venn_page.making");
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const desk of desks) if (desk.picked) { const { id } = desk.picked; desk.pick(null); desk.table.part(id)?.focus(); }
});

await Promise.all(desks.map((desk) => desk.open())).catch(complain);
for (const desk of desks) desk.changed();
document.documentElement.dataset.ready = "1";

/** What others do at the same diagram is seen here too. */
async function look() {
  for (const desk of desks) await desk.look().catch(() => {});
  setTimeout(look, LOOKS_EVERY_MS);
}
setTimeout(look, LOOKS_EVERY_MS);
