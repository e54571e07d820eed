// A year without a plan: its first one.
import { once } from "./plan_acts.js";
import { create } from "./making.js";
import { data } from "./words.js";

document.getElementById("begin")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const form = event.target;
  once(form, async () => {
    const { title, year_from: first, year_to: last } = Object.fromEntries(new FormData(form));
    data.cycle ??= (await create("/api/v1/cycles", { municipality_id: data.municipality, year: data.year })).body.id;
    await create("/api/v1/plans", { cycle_id: data.cycle, title, year_from: Number(first), year_to: Number(last) });
    location.reload();
  });
});
document.documentElement.dataset.ready = "1";
