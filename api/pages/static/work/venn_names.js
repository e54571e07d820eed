// Names inside circles: the largest type in which a name fits, its lines as long as the circle is wide there.

const FONT = '600 100px "Noto Sans", "DejaVu Sans", sans-serif';
const LEADING = 1.14;
const MOST_LINES = 6;
const LEAST = 11;
const MOST = 26;
const VOWELS = "аеёиоуыэюяөүaeiouy";
const pen = document.createElement("canvas").getContext("2d");
const known = new Map();

/** Width of words in a size of the type, which is bold. */
export function width(words, size) {
  if (!known.has(words)) {
    pen.font = FONT;
    known.set(words, pen.measureText(words).width / 100);
  }
  return known.get(words) * size;
}

/** Return the lines of a name and the size of their type, for a circle of a radius; lengths in units of the table. */
export function fitName(name, radius, unit = 1) {
  const words = name.trim().split(/\s+/);
  const most = Math.min(MOST * unit, radius * 0.44);
  const least = LEAST * unit;
  for (let size = most; size >= least; size -= unit) {
    const lines = inLines(words, size, radius);
    if (lines) return { lines, size };
  }
  for (let size = Math.min(most, 15 * unit); size >= least * 0.8; size -= unit) {
    const lines = inLines(words, size, radius, true);
    if (lines) return { lines, size };
  }
  const size = least * 0.8;
  return { lines: cut(words.join(" "), size, radius * 1.5), size };
}

function inLines(words, size, radius, mayBreak = false) {
  for (let count = 1; count <= MOST_LINES; count += 1) {
    const lines = filled([...words], count, size, radius, mayBreak);
    if (lines) return lines;
  }
  return null;
}

function filled(waiting, count, size, radius, mayBreak) {
  const lines = [];
  for (let at = 0; at < count && waiting.length; at += 1) {
    // The farther edge of the line tells how much room it has.
    const edge = Math.abs(at - (count - 1) / 2) * LEADING * size + size * 0.55;
    const room = edge < radius * 0.92 ? 2 * Math.sqrt((radius * 0.92) ** 2 - edge ** 2) : 0;
    let line = "";
    while (waiting.length) {
      const longer = line ? `${line} ${waiting[0]}` : waiting[0];
      if (width(longer, size) <= room) {
        line = longer;
        waiting.shift();
        continue;
      }
      if (!line && mayBreak) {
        const [head, tail] = broken(waiting[0], size, room);
        if (head) { line = head; waiting[0] = tail; }
      }
      break;
    }
    if (!line) return null;
    lines.push(line);
  }
  return waiting.length ? null : lines;
}

/** Break a word where a syllable may end: behind a vowel that a consonant and a vowel follow. */
function broken(word, size, room) {
  for (let at = word.length - 2; at >= 2; at -= 1) {
    const ends = VOWELS.includes(word[at - 1].toLowerCase()) && !VOWELS.includes(word[at].toLowerCase());
    if (ends && width(`${word.slice(0, at)}-`, size) <= room) return [`${word.slice(0, at)}-`, word.slice(at)];
  }
  return ["", word];
}

function cut(name, size, room) {
  let shown = name;
  while (shown.length > 1 && width(`${shown}…`, size) > room) shown = shown.slice(0, -1);
  return [`${shown}…`];
}

/** Distance of lines of a size. */
export const leading = (size) => size * LEADING;
