// Dragging with mouse, pen or finger: an activity onto the map, a problem onto an activity. Menus do the same by keys.
const FAR_ENOUGH_PX = 8;

/**
 * Let what has `data-drag` be dragged.
 * `over(x, y, kind)` returns the element that would take it, `dropped(source, x, y, target)` takes it, `pressed(source)`
 * hears a press without a drag.
 */
export function letDrag(root, { over, dropped, pressed }) {
  root.addEventListener("pointerdown", (begin) => {
    const source = begin.target.closest("[data-drag]");
    if (!source || begin.button !== 0) return;
    let ghost = null;
    let target = null;
    const move = (event) => {
      if (!ghost && Math.hypot(event.clientX - begin.clientX, event.clientY - begin.clientY) < FAR_ENOUGH_PX) return;
      ghost ??= makeGhost(source);
      ghost.style.left = `${event.clientX + 12}px`;
      ghost.style.top = `${event.clientY + 8}px`;
      target?.classList.remove("is-target");
      target = over(event.clientX, event.clientY, source.dataset.drag);
      target?.classList.add("is-target");
      scrollAtEdges(event.clientY);
    };
    const end = (event) => {
      for (const [name, listener] of listeners) removeEventListener(name, listener);
      target?.classList.remove("is-target");
      ghost?.remove();
      if (!ghost) return;
      // The click that follows a drag is none.
      addEventListener("click", swallow, { capture: true, once: true });
      setTimeout(() => removeEventListener("click", swallow, { capture: true }), 50);
      if (event.type === "pointerup") dropped(source, event.clientX, event.clientY, target);
    };
    const escape = (event) => { if (event.key === "Escape") end(event); };
    const listeners = [["pointermove", move], ["pointerup", end], ["pointercancel", end], ["keydown", escape]];
    for (const [name, listener] of listeners) addEventListener(name, listener);
  });
  root.addEventListener("click", (event) => {
    const source = event.target.closest("[data-drag], .handle");
    if (source) pressed(source);
  });
}

const swallow = (event) => { event.preventDefault(); event.stopPropagation(); };

function makeGhost(source) {
  const ghost = document.createElement("div");
  ghost.className = "ghost";
  ghost.textContent = source.closest("tr")?.querySelector(".title")?.textContent ?? source.textContent;
  document.body.append(ghost);
  return ghost;
}

function scrollAtEdges(y) {
  if (y < 60) scrollBy(0, -14);
  else if (y > innerHeight - 60) scrollBy(0, 14);
}
