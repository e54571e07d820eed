// Many at once: a lasso is drawn round shapes, a brush is drawn over them.
import { toPixel } from "./sheet_space.js";
import { eachPosition } from "./draw_store.js";

const BRUSH_PX = 18; // half the width of the brush, on the screen
const SVG = "http://www.w3.org/2000/svg";

/**
 * Let a drag choose: with Shift a lasso, and what `toolOf()` says ("lasso", "brush") without it.
 * `painted(ordinals, event)` is told what was chosen among the shapes that `isOpen(one)`.
 */
export function wireLasso(view, { toolOf, isOpen, painted }) {
  const { map, element, drawings } = view;
  const cover = document.createElementNS(SVG, "svg");
  cover.setAttribute("class", "lasso");
  cover.setAttribute("aria-hidden", "true");
  const trace = document.createElementNS(SVG, "path");
  cover.append(trace);
  element.append(cover);
  const canvas = map.getCanvas();
  let tool = "", points = [];

  const at = (event) => {
    const frame = element.getBoundingClientRect();
    return [event.clientX - frame.left, event.clientY - frame.top];
  };
  const draw = () => {
    trace.setAttribute("d", points.length ? `M${points.map((point) => point.join(" ")).join("L")}${tool === "lasso" ? "Z" : ""}` : "");
    cover.dataset.tool = tool;
  };
  const end = () => {
    tool = "";
    points = [];
    draw();
    map.dragPan.enable();
  };

  canvas.addEventListener("pointerdown", (event) => {
    const wanted = event.shiftKey ? "lasso" : toolOf();
    if (event.button !== 0 || !event.isPrimary || (wanted !== "lasso" && wanted !== "brush")) return;
    tool = wanted;
    points = [at(event)];
    map.dragPan.disable();
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!tool || !event.isPrimary) return;
    const [x, y] = at(event), [lastX, lastY] = points.at(-1);
    if (Math.hypot(x - lastX, y - lastY) < 3) return;
    points.push([x, y]);
    draw();
  });
  canvas.addEventListener("pointercancel", end);
  addEventListener("keydown", (event) => { if (tool && event.key === "Escape") { event.stopImmediatePropagation(); end(); } }, true);
  canvas.addEventListener("pointerup", (event) => {
    if (!tool) return;
    const path = points, wanted = tool;
    end();
    if (path.length < 3) return; // a click, not a drag
    const inPixels = path.map((point) => toPixel(map.unproject(point)));
    const scale = Math.hypot(inPixels[1][0] - inPixels[0][0], inPixels[1][1] - inPixels[0][1]) / Math.hypot(path[1][0] - path[0][0], path[1][1] - path[0][1]);
    const open = drawings.all.filter((one) => isOpen(one));
    const chosen = wanted === "lasso" ? within(open, inPixels) : under(open, inPixels, BRUSH_PX * scale);
    painted(chosen.map((one) => one.ordinal), event);
  });
}

/** Shapes of which more than half of the corners lie inside a closed path. */
export function within(drawings, path) {
  const [left, top, right, bottom] = bounds(path);
  return drawings.filter(({ box, geometry }) => {
    if (box[0] > right || box[2] < left || box[1] > bottom || box[3] < top) return false;
    let inside = 0, all = 0;
    eachPosition(geometry, (position) => { all += 1; inside += isInside(position, path) ? 1 : 0; });
    return inside * 2 > all;
  });
}

/** Shapes that a brush went over: a small shape wherever it is touched, a line or an area by its stroke. */
function under(drawings, path, reach) {
  const [left, top, right, bottom] = bounds(path);
  return drawings.filter(({ box, geometry, shape, area }) => {
    if (box[0] > right + reach || box[2] < left - reach || box[1] > bottom + reach || box[3] < top - reach) return false;
    if (shape === "polygon" && Math.sqrt(area) < reach * 4 && path.some(([x, y]) => x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3])) return true;
    const rings = geometry.type === "Point" ? [[geometry.coordinates]] : geometry.type === "LineString" ? [geometry.coordinates] : geometry.coordinates.flat(geometry.type === "MultiPolygon" ? 1 : 0);
    return rings.some((ring) => path.some((point) => awayFrom(ring, point) <= reach));
  });
}

function awayFrom(line, [x, y]) {
  if (line.length === 1) return Math.hypot(line[0][0] - x, line[0][1] - y);
  let nearest = Infinity;
  for (let at = 1; at < line.length; at += 1) {
    const [fromX, fromY] = line[at - 1], alongX = line[at][0] - fromX, alongY = line[at][1] - fromY;
    const part = Math.min(1, Math.max(0, ((x - fromX) * alongX + (y - fromY) * alongY) / (alongX ** 2 + alongY ** 2 || 1)));
    nearest = Math.min(nearest, Math.hypot(fromX + part * alongX - x, fromY + part * alongY - y));
  }
  return nearest;
}

function isInside([x, y], path) {
  let inside = false;
  for (let at = 0, last = path.length - 1; at < path.length; last = at, at += 1) {
    const [fromX, fromY] = path[at], [toX, toY] = path[last];
    if (fromY > y !== toY > y && x < ((toX - fromX) * (y - fromY)) / (toY - fromY) + fromX) inside = !inside;
  }
  return inside;
}

const bounds = (path) => path.reduce(([left, top, right, bottom], [x, y]) => [Math.min(left, x), Math.min(top, y), Math.max(right, x), Math.max(bottom, y)], [Infinity, Infinity, -Infinity, -Infinity]);
