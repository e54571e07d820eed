// A sheet being digitised: the photo, what was traced over it, and one key for each decision.
import { counted, Deeds } from "./draw_deeds.js";
import { Desk } from "./draw_desk.js";
import { Drawings } from "./draw_store.js";
import { Ground } from "./draw_ground.js";
import { Hand } from "./draw_hand.js";
import { areKeysOn, setKeysOn, wireKeys } from "./draw_keys.js";
import { Kinds, signImage, wireSearch } from "./draw_kinds.js";
import { wireFilter } from "./draw_filter.js";
import { Legend } from "./draw_legend.js";
import { wireLasso } from "./draw_lasso.js";
import { Panel } from "./draw_panel.js";
import { wireSaving } from "./draw_saving.js";
import { Queue } from "./draw_queue.js";
import { SheetView } from "./draw_sheet.js";
import { complain, tell } from "./notices.js";
import { get } from "./requests.js";
import { pictureAddress } from "./sheet_space.js";
import { WhichHolds } from "./which_holds.js";
import { data, say } from "./words.js";

const { sheet } = data;
const at = (id) => document.getElementById(id);
const address = `/api/v1/sheets/${sheet.id}`;
const CROPS_PX = 3200; // the longer side of the picture that writing is cut out of

const drawings = new Drawings();
drawings.extent = [sheet.width_px, sheet.height_px];
const readCandidates = async () => (await get(`${address}/candidates`)).body.features;
/** The objects that stand on the map because of this sheet, with their shapes in pixels. */
async function readObjects() {
  const features = [];
  for (let next = `/api/v1/map-features?sheet_id=${sheet.id}&limit=1000`; next; ) {
    const { body } = await get(next);
    features.push(...body.features);
    next = body.next;
  }
  return features;
}

async function readAll() {
  const [candidates, objects] = await Promise.all([readCandidates(), readObjects()]);
  drawings.take(candidates, { whole: true });
  drawings.takeObjects(objects, drawings.all.filter((one) => one.isHand && !objects.some(({ id }) => id === one.featureId)).map((one) => one.featureId));
  return objects;
}
const objects = await readAll();

const filter = wireFilter(at("filter"), drawings);
const kinds = new Kinds(at("kinds"), data.kinds, (code) => desk.take(code));
kinds.learn(drawings.all);
const tones = Object.fromEntries(data.kinds.map((kind) => [kind.code, kind.tone]));
const view = await SheetView.open(at("sheet"), sheet, drawings, { tones, colours: data.colours, isShown: filter.isShown, signOf: (code) => signImage(code, tones[code], data.colours.paper) }).catch((error) => { complain(error); throw error; });
view.sheetSize = { width: sheet.width_px, height: sheet.height_px };

const queue = new Queue(`${address}/candidate-decisions`, { keep: `ayilmap.draw.${sheet.id}`, account: data.account });
const deeds = new Deeds({ drawings, queue, kinds, isPlaced: sheet.is_placed, tell });
const hand = new Hand(view, data.colours);
let picture = null;
const panel = new Panel(at("panel"), {
  drawings, deeds, kinds, questions: data.questions, act: (name) => desk.act(name),
  picture: () => (picture ??= loadPicture()),
});
const conflicts = new WhichHolds(at("conflict"));
const legend = new Legend({ address, drawings, kinds, view, filter, conflicts, act: (name) => desk.act(name), may: data.may });
const desk = new Desk({ drawings, deeds, kinds, view, hand, panel, filter, legend, may: data.may });
const ground = sheet.is_placed ? Ground.open(at("ground"), sheet, objects, data.colours) : null;
ground?.catch(complain);

const saving = wireSaving({ queue, drawings, desk, deeds, conflicts, readCandidates, readAll, address });
queue.answered = async (body, done) => {
  drawings.take(body.candidates);
  drawings.takeObjects(body.features, body.withdrawn);
  saving.share(body);
  const isUndo = done.some((deed) => deed.isUndo);
  desk.answered(body, isUndo);
  await lay(body);
};
saving.heard = lay;

/** Lay objects on the ground beside, and say how many lie there. */
async function lay({ features, withdrawn }) {
  if (!ground) return;
  const { size } = (await ground).take(features, withdrawn);
  at("ground-count").textContent = say("draw.on_the_ground", { count: size });
}

async function loadPicture() {
  const image = new Image();
  image.src = pictureAddress(sheet, Math.min(CROPS_PX, Math.max(sheet.width_px, sheet.height_px)));
  try {
    await image.decode();
  } catch {
    picture = null;
    return { image: null, scale: 1 };
  }
  return { image, scale: image.naturalWidth / sheet.width_px };
}

function count() {
  const counts = drawings.counts;
  at("counted").textContent = counted(counts);
  at("progress").max = Math.max(counts.of, 1);
  at("progress").value = counts.decided;
}
let counting = 0;
const countSoon = () => { counting ||= requestAnimationFrame(() => { counting = 0; count(); filter.count(); }); };
drawings.hear(countSoon);
count();
filter.changed = () => { view.refilter(); desk.refilter(); };

const canvas = view.map.getCanvas();
canvas.setAttribute("aria-label", say("draw.canvas"));
view.map.on("mousemove", (event) => desk.hover(hand.isOn ? null : view.under(event.point)[0] ?? null));
view.map.on("mouseout", () => desk.hover(null));
view.map.on("click", (event) => { if (!hand.isOn) desk.click(event); });
desk.hovered = async (featureId) => (await ground)?.setHover(featureId);
wireLasso(view, { toolOf: () => desk.tool, isOpen: (one) => drawings.isUndecided(one) && filter.isShown(one), painted: (ordinals, event) => desk.painted(ordinals, event) });
wireKeys({ act: (name) => desk.act(name), kindOf: (code) => kinds.ofKey(code), take: (kind) => desk.take(kind), hand: () => hand, isWalking: () => desk.isWalking, canvas });
wireSearch(at("search"), at("found"), kinds, (code) => desk.found(code));
for (const button of document.querySelectorAll("[data-act]")) button.addEventListener("click", () => desk.act(button.dataset.act));
at("keys-on").checked = areKeysOn();
at("keys-on").addEventListener("change", (event) => setKeysOn(event.target.checked));

await legend.open();
desk.refresh();
await lay({ features: [], withdrawn: [] });
saving.begin();
document.documentElement.dataset.ready = "1";
