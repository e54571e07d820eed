// How circles lie, and where one would lie so that it says something: the rule of geo/domain/venn/drawn.py, whose
// tolerance the page is given. Circles are { id, x, y, r }.

/** Ties from the strongest. */
export const TIES = ["full", "partial", "touching"];
const TURNS = 72;
const MAGNET = 0.28; // part of the smaller radius: within it a dragged edge comes to lie exactly on the other

/** Return how two circles lie: full, partial, touching or apart. */
export function relationOf(one, other, tolerance) {
  const small = Math.min(one.r, other.r);
  const large = Math.max(one.r, other.r);
  const slack = tolerance * small;
  const distance = Math.hypot(other.x - one.x, other.y - one.y);
  const gap = distance - small - large;
  if (distance + small <= large + slack) return "full";
  if (gap > slack) return "apart";
  return gap >= -slack ? "touching" : "partial";
}

/** Return the circles with which one has a tie, the strongest and nearest first. */
export function contacts(circle, all, tolerance) {
  return all
    .filter((other) => other !== circle)
    .map((other) => ({ other, relation: relationOf(circle, other, tolerance), distance: Math.hypot(other.x - circle.x, other.y - circle.y) }))
    .filter(({ relation }) => relation !== "apart")
    .sort((a, b) => TIES.indexOf(a.relation) - TIES.indexOf(b.relation) || a.distance - b.distance);
}

/** Where a circle put down at (x, y) comes to lie: on the edge of the one it nearly touches. A finger is not exact. */
export function drawnTo(circle, x, y, all) {
  let best = { x, y };
  let least = Infinity;
  for (const other of all) {
    if (other === circle) continue;
    const distance = Math.hypot(x - other.x, y - other.y);
    const off = Math.abs(distance - circle.r - other.r);
    if (distance > 0 && off < MAGNET * Math.min(circle.r, other.r) && off < least) {
      const to = (circle.r + other.r) / distance;
      best = { x: other.x + (x - other.x) * to, y: other.y + (y - other.y) * to };
      least = off;
    }
  }
  return best;
}

/** Distance of two middles at which circles of these radii say what is wanted, well inside its limits. */
function distanceFor(wanted, one, other, tolerance) {
  const small = Math.min(one, other);
  const large = Math.max(one, other);
  if (wanted === "touching") return large + small;
  if (wanted === "partial") return large + small * 0.15;
  if (wanted === "full") return (large - small) * 0.55 + tolerance * small * 0.4;
  return large + small * (1.3 + tolerance);
}

/**
 * The nearest place at which a circle says `wanted` of another and everything else that it says now, or null where there
 * is none on the table { x, y, width, height }.
 */
export function placeFor(circle, other, wanted, all, tolerance, table) {
  const rest = all.filter((one) => one !== circle && one !== other).map((one) => [one, relationOf(circle, one, tolerance)]);
  const distance = distanceFor(wanted, circle.r, other.r, tolerance);
  const start = Math.atan2(circle.y - other.y, circle.x - other.x);
  for (let step = 0; step <= TURNS; step += 1) {
    const turn = start + (step % 2 ? 1 : -1) * Math.ceil(step / 2) * ((2 * Math.PI) / TURNS);
    const tried = { ...circle, x: other.x + distance * Math.cos(turn), y: other.y + distance * Math.sin(turn) };
    if (!within(tried, table) || relationOf(tried, other, tolerance) !== wanted) continue;
    if (rest.every(([one, said]) => relationOf(tried, one, tolerance) === said)) return { x: tried.x, y: tried.y };
  }
  return null;
}

/** The free place nearest to the middle of the table for a circle of a radius; where nothing is free, the middle. */
export function freePlace(r, all, table) {
  const middle = { x: table.x + table.width / 2, y: table.y + table.height / 2 };
  const step = r / 3;
  for (let ring = 0; ring * step < Math.hypot(table.width, table.height); ring += 1) {
    const places = Math.max(1, Math.round(2 * Math.PI * ring));
    for (let at = 0; at < places; at += 1) {
      const turn = (2 * Math.PI * at) / places;
      const tried = { x: middle.x + ring * step * Math.cos(turn), y: middle.y + ring * step * Math.sin(turn), r };
      if (within(tried, table) && all.every((one) => Math.hypot(one.x - tried.x, one.y - tried.y) > (one.r + r) * 1.08)) return { x: tried.x, y: tried.y };
    }
  }
  return middle;
}

/** Whether a circle lies on the table as a whole. */
export const within = (circle, table) =>
  circle.x - circle.r >= table.x && circle.x + circle.r <= table.x + table.width && circle.y - circle.r >= table.y && circle.y + circle.r <= table.y + table.height;

/** Keep a place on the table. */
export const onTable = (circle, { x, y }, table) => ({
  x: Math.min(Math.max(x, table.x + circle.r), table.x + table.width - circle.r),
  y: Math.min(Math.max(y, table.y + circle.r), table.y + table.height - circle.r),
});
