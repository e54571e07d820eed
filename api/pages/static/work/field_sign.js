// A sign drawn with a finger: strokes of points between 0 and 1, so that they can be drawn again at any size.
import { button, h } from "./field_parts.js";
import { say } from "./words.js";

const WIDTH = 600, HEIGHT = 200;
const CLOSE = 0.004; // points nearer than this to the last add nothing
const MOST_POINTS = 600;

/** A field to sign in; `set(strokes)` hears every finished stroke. */
export function signing(strokes, words, set) {
  const drawn = strokes.map((stroke) => stroke.map((point) => [...point]));
  const canvas = h("canvas", { width: WIDTH, height: HEIGHT, role: "img", "aria-label": words, class: "sign" });
  let stroke = null;
  const place = (event) => {
    const box = canvas.getBoundingClientRect();
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height].map((value) => Math.round(Math.min(1, Math.max(0, value)) * 1000) / 1000);
  };
  const draw = () => {
    const pen = canvas.getContext("2d");
    pen.clearRect(0, 0, WIDTH, HEIGHT);
    Object.assign(pen, { lineWidth: 4, lineCap: "round", lineJoin: "round", strokeStyle: getComputedStyle(canvas).color });
    for (const line of [...drawn, ...(stroke ? [stroke] : [])]) {
      pen.beginPath();
      line.forEach(([x, y], at) => (at ? pen.lineTo(x * WIDTH, y * HEIGHT) : pen.moveTo(x * WIDTH, y * HEIGHT)));
      pen.stroke();
    }
  };
  canvas.addEventListener("pointerdown", (event) => { canvas.setPointerCapture(event.pointerId); stroke = [place(event)]; draw(); });
  canvas.addEventListener("pointermove", (event) => {
    if (!stroke || drawn.flat().length + stroke.length >= MOST_POINTS) return;
    const [x, y] = place(event);
    const [lastX, lastY] = stroke.at(-1);
    if (Math.hypot(x - lastX, y - lastY) > CLOSE) { stroke.push([x, y]); draw(); }
  });
  const end = () => {
    if (stroke?.length > 1) { drawn.push(stroke); set(drawn); }
    stroke = null;
    draw();
  };
  canvas.addEventListener("pointerup", end);
  canvas.addEventListener("pointercancel", end);
  requestAnimationFrame(draw);
  return h("div", {}, canvas, button(say("visiting.sign.clear"), () => { drawn.length = 0; draw(); set([]); }));
}
