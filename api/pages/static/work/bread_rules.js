// Percent and som of a loaf: what moves when an edge is dragged, what is left, how the rest is spread.

export const WHOLE = 100;
const SLACK = 0.5; // a loaf of 99.5 to 100.5 % is whole (geo/domain/bread.py)

/** Sum of a field over all lines; null where no line tells. */
export function total(lines, field) {
  const known = lines.map((line) => line[field]).filter((value) => value !== null);
  return known.length ? tidy(known.reduce((sum, value) => sum + value, 0)) : null;
}

/** Percent that are not cut yet; below zero where there is too much. */
export const left = (lines, field) => tidy(WHOLE - (total(lines, field) ?? 0));

/** Whether the shares are a whole loaf, as the service takes it. */
export const isWhole = (lines, field) => total(lines, field) === null || Math.abs(left(lines, field)) <= SLACK;
export const isTooMuch = (lines, field) => left(lines, field) < -SLACK;

/**
 * Move the edge behind line `at` so that this line has `share` percent; the next one, or the rest behind the last one,
 * gives or takes it. Returns the lines anew.
 */
export function cutAt(lines, at, share, field = "perceived_percent") {
  const rest = Math.max(0, left(lines, field));
  const next = lines[at + 1];
  const both = (lines[at][field] ?? 0) + (next ? next[field] ?? 0 : rest);
  const mine = Math.min(Math.max(tidy(share), 0), tidy(both));
  return lines.map((line, number) => {
    if (number === at) return { ...line, [field]: mine };
    return next && number === at + 1 ? { ...line, [field]: tidy(both - mine) } : line;
  });
}

/** Spread what is left over the slices, or take away what is too much, each by its size; the sum is exactly 100. */
export function spread(lines, field) {
  const known = lines.filter((line) => line[field] !== null);
  const sum = known.reduce((all, line) => all + line[field], 0);
  if (!known.length) return lines;
  return exactly(lines, field, (line) => (line[field] === null ? null : sum > 0 ? (line[field] * WHOLE) / sum : WHOLE / known.length), 1);
}

/** Percent of the actual budget from its som, where every line has some; else the lines as they are. */
export function percentFromSom(lines) {
  const sum = total(lines, "actual_som");
  if (!sum || lines.some((line) => line.actual_som === null)) return lines;
  return exactly(lines, "actual_percent", (line) => (line.actual_som * WHOLE) / sum, 1);
}

// The largest remainders are rounded up, so that rounded shares are still 100 together.
function exactly(lines, field, shareOf, digits) {
  const unit = 10 ** digits;
  const shares = lines.map((line) => shareOf(line));
  const floors = shares.map((share) => (share === null ? null : Math.floor(share * unit + 1e-9)));
  let missing = WHOLE * unit - floors.reduce((sum, part) => sum + (part ?? 0), 0);
  const order = shares.map((share, at) => [share === null ? -1 : share * unit - floors[at], at]).sort((one, other) => other[0] - one[0]);
  for (const [rest, at] of order) if (missing > 0 && rest >= 0) { floors[at] += 1; missing -= 1; }
  return lines.map((line, at) => (floors[at] === null ? line : { ...line, [field]: floors[at] / unit }));
}

/** The share of the actual budget of a line, from its percent or its som; null where it is not known. */
export function actualOf(line, lines) {
  if (line.actual_percent !== null) return line.actual_percent;
  const sum = total(lines, "actual_som");
  return sum && lines.every((one) => one.actual_som !== null) ? (line.actual_som * WHOLE) / sum : null;
}

const tidy = (value) => Math.round(value * 1000) / 1000;
