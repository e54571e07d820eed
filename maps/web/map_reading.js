// Reads what the page carries: columns of numbers and coordinates in digits of five bits, see encoding.py.
window.ayilmap = window.ayilmap || {};
(function (ayilmap) {
  "use strict";

  const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
  const VALUES = new Uint8Array(128);
  for (let place = 0; place < DIGITS.length; place++) VALUES[DIGITS.charCodeAt(place)] = place;
  const PER_DEGREE = 1e6;

  function reader(text) {
    let at = 0;
    return () => {
      let number = 0, place = 1, digit;
      do {
        digit = VALUES[text.charCodeAt(at++)];
        number += (digit & 31) * place; // not <<: numbers may need more than 32 bits
        place *= 32;
      } while (digit > 31);
      return number;
    };
  }

  function column(data, name) {
    const text = data.columns[name];
    if (text === undefined) return () => 0;
    const next = reader(text);
    return next;
  }

  function factsOf(row, data) {
    const facts = [];
    for (let at = 0; at < row.length; at += 2) facts.push([data.strings[row[at]], row[at + 1] < 0 ? null : data.strings[row[at + 1]]]);
    return facts;
  }

  ayilmap.readMarks = function (data) {
    const strings = data.strings;
    const columns = Object.fromEntries(["name", "kind", "above", "look", "error", "facts", "side", "same", "quiet"].map((name) => [name, column(data, name)]));
    const tags = data.switches.map((_, place) => column(data, "tag" + place));
    const shapes = reader(data.shapes), steps = reader(data.coordinates);
    let x = 0, y = 0;
    const signed = () => { const number = steps(); return number % 2 ? -(number + 1) / 2 : number / 2; };
    const position = () => { x += signed(); y += signed(); return [y / PER_DEGREE, x / PER_DEGREE]; };
    const path = (count) => { const made = new Array(count); for (let at = 0; at < count; at++) made[at] = position(); return made; };
    const marks = new Array(data.count);
    for (let number = 0; number < data.count; number++) {
      const mark = {
        number, name: strings[columns.name()], kind: strings[columns.kind()], layerLabel: strings[columns.above()],
        look: columns.look(), error: columns.error() / 10, factRow: columns.facts(), side: columns.side(),
        same: columns.same() - 1, quiet: columns.quiet() === 1, shift: data.shifts[number] || null,
        tags: tags.map((next) => next() - 1), points: [], lines: [], areas: [],
      };
      for (let parts = shapes(); parts > 0; parts--) {
        const part = shapes(), many = Math.floor(part / 3);
        if (part % 3 === 0) mark.points.push(position());
        else if (part % 3 === 1) mark.lines.push(path(many));
        else {
          const rings = [];
          for (let ring = 0; ring < many; ring++) rings.push(path(shapes()));
          mark.areas.push(rings);
        }
      }
      marks[number] = mark;
    }
    return marks;
  };

  // What only an open card needs is put into words when it opens.
  ayilmap.detailsOf = function (mark, data) {
    return {
      facts: factsOf(data.factRows[mark.factRow] || [], data),
      chain: (data.chains[mark.number] || []).map(([heading, missing, ...words]) => ({ heading: data.strings[heading], missing: missing === 1, words: words.map((one) => data.strings[one]) })),
      photos: (data.photos[mark.number] || []).map(([picture, caption]) => ({ address: data.pictures[picture], caption })),
    };
  };

  ayilmap.spoken = (mark) => (mark.name ? mark.name + ", " + mark.kind : mark.kind);
  ayilmap.isPlaced = (mark) => mark.points.length + mark.lines.length + mark.areas.length > 0;

  // Where an area is widest, halfway between its northern and southern ends: always inside it, whatever its shape.
  function inside(rings) {
    const lats = rings[0].map(([lat]) => lat);
    const middle = (Math.min(...lats) + Math.max(...lats)) / 2;
    const crossings = [];
    for (const ring of rings) {
      ring.forEach(([lat, lon], at) => {
        const [next, nextLon] = ring[(at + 1) % ring.length];
        if ((lat <= middle) !== (next <= middle)) crossings.push(lon + ((middle - lat) / (next - lat)) * (nextLon - lon));
      });
    }
    crossings.sort((a, b) => a - b);
    let best = null;
    for (let at = 0; at + 1 < crossings.length; at += 2) {
      if (!best || crossings[at + 1] - crossings[at] > best[1] - best[0]) best = [crossings[at], crossings[at + 1]];
    }
    return best ? [middle, (best[0] + best[1]) / 2] : rings[0][0];
  }

  function halfway(line) {
    // Degrees of longitude are shorter the farther north; only the proportion along the line matters here.
    const across = Math.cos((line[0][0] * Math.PI) / 180);
    const lengths = line.slice(1).map(([lat, lon], at) => Math.hypot(lat - line[at][0], (lon - line[at][1]) * across));
    let left = lengths.reduce((sum, one) => sum + one, 0) / 2;
    for (let at = 0; at < lengths.length; at++) {
      if (left <= lengths[at] && lengths[at] > 0) {
        const part = left / lengths[at];
        return [line[at][0] + part * (line[at + 1][0] - line[at][0]), line[at][1] + part * (line[at + 1][1] - line[at][1])];
      }
      left -= lengths[at];
    }
    return line[0];
  }

  const extent = (path) => {
    let west = Infinity, east = -Infinity, south = Infinity, north = -Infinity;
    for (const [lat, lon] of path) { west = Math.min(west, lon); east = Math.max(east, lon); south = Math.min(south, lat); north = Math.max(north, lat); }
    return east - west + north - south;
  };
  const largest = (many, size) => many.reduce((best, one) => (size(one) > size(best) ? one : best));

  // Where its name belongs and where its card opens: a mark's own point, the middle of its line, inside of its area.
  ayilmap.anchorOf = function (mark) {
    if (mark.anchor) return mark.anchor;
    if (mark.points.length && (mark.lines.length || mark.areas.length || mark.points.length === 1)) mark.anchor = mark.points[0];
    else if (mark.areas.length) mark.anchor = inside(largest(mark.areas, (rings) => extent(rings[0])));
    else if (mark.lines.length) mark.anchor = halfway(largest(mark.lines, extent));
    else mark.anchor = mark.points[0] || null;
    return mark.anchor;
  };
})(window.ayilmap);
