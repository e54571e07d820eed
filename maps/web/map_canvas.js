// Paints thousands of marks on one canvas: what the signs of a small map do one element at a time.
(function (ayilmap) {
  "use strict";

  // The canvas is wider than the frame by this part of it on every side, so that panning finds the ground painted.
  const MARGIN = 0.35;
  // Pixels of the map a side of a cell: one sign is drawn in each, the others in it are dots.
  const CELL = 26;
  // Pixels: what is smaller is a patch of its colour.
  const SMALL = 12;
  // With so many marks in the frame no line style can be told any more: everything is plain until people come nearer.
  const CROWDED = 3000;
  const REST_MS = 160;
  const DOT = 4;
  const FINGER = 22, NEAR_LINE = 12;
  const MOST_NAMES = 160;

  // Positions in the square of EPSG:3857, 0 to 1, x east, y south: a zoom is one multiplication away.
  const acrossOf = (lon) => lon / 360 + 0.5;
  const downOf = (lat) => {
    const sine = Math.sin((lat * Math.PI) / 180);
    return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
  };

  function flat(path) {
    const made = new Float64Array(path.length * 2);
    path.forEach(([lat, lon], at) => { made[2 * at] = acrossOf(lon); made[2 * at + 1] = downOf(lat); });
    return made;
  }

  function prepared(mark, look) {
    const points = mark.points.map(([lat, lon]) => [acrossOf(lon), downOf(lat)]);
    const lines = mark.lines.map(flat), areas = mark.areas.map((rings) => rings.map(flat));
    let west = Infinity, east = -Infinity, north = Infinity, south = -Infinity;
    const widen = (x, y) => { west = Math.min(west, x); east = Math.max(east, x); north = Math.min(north, y); south = Math.max(south, y); };
    points.forEach(([x, y]) => widen(x, y));
    for (const path of [...lines, ...areas.map((rings) => rings[0])]) for (let at = 0; at < path.length; at += 2) widen(path[at], path[at + 1]);
    return { mark, look, points, lines, areas, west, east, north, south };
  }

  ayilmap.CanvasPainter = class {
    constructor(map, marks, looks, choose) {
      this.map = map;
      this.looks = looks;
      this.choose = choose;
      this.items = marks.map((mark) => prepared(mark, looks[mark.look]));
      this.visible = this.items;
      this.namesShown = true;
      const pane = map.createPane("painted");
      pane.style.zIndex = 430;
      pane.style.pointerEvents = "none";
      this.canvas = L.DomUtil.create("canvas", "painted leaflet-zoom-animated", pane);
      this.canvas.setAttribute("aria-hidden", "true");
      this.context = this.canvas.getContext("2d");
      this.widths = new Map();
      this.paper = getComputedStyle(document.documentElement).getPropertyValue("--card").trim();
      this.sprites = new ayilmap.Sprites(looks, () => { this.spritesReady = true; this.paint(0); this.later(); });
      map.on("resize", () => { if (this.spritesReady) this.paint(); });
      map.on("moveend", () => {
        if (!this.spritesReady) return;
        if (this.zoom !== map.getZoom() || this.isOutside()) this.paint(0);
        this.later();
      });
      map.on("move", () => { if (this.spritesReady && !map._animatingZoom && this.isOutside()) this.soon(); });
      map.on("zoomanim", (event) => this.follow(event));
      map.on("click", (event) => this.answer(event));
    }

    soon() {
      if (!this.waiting) this.waiting = requestAnimationFrame(() => { this.waiting = 0; this.paint(); });
    }

    // The frame is still on painted ground: what lies beyond it is painted once the map rests.
    later() {
      clearTimeout(this.resting);
      this.resting = setTimeout(() => this.paint(), REST_MS);
    }

    // Whether the frame has moved off the painted ground.
    isOutside() {
      const at = this.map.containerPointToLayerPoint([0, 0]).subtract(this.corner), size = this.map.getSize();
      return at.x < 0 || at.y < 0 || at.x + size.x > this.width || at.y + size.y > this.height;
    }

    follow(event) {
      const scale = this.map.getZoomScale(event.zoom, this.zoom);
      const corner = this.map._latLngToNewLayerPoint(this.cornerLatLng, event.zoom, event.center);
      L.DomUtil.setTransform(this.canvas, corner, scale);
    }

    show(numbers) {
      this.visible = this.items.filter((item) => numbers.has(item.mark.number));
      if (this.spritesReady) this.paint();
    }

    // At first the frame alone, its surroundings once the map rests.
    paint(margin = MARGIN) {
      clearTimeout(this.resting);
      const map = this.map, size = map.getSize();
      if (!size.x || !size.y) return;
      const ratio = this.ratio || window.devicePixelRatio || 1;
      const edge = size.multiplyBy(margin).round();
      this.width = size.x + 2 * edge.x;
      this.height = size.y + 2 * edge.y;
      this.corner = map.containerPointToLayerPoint([-edge.x, -edge.y]).round();
      this.cornerLatLng = map.layerPointToLatLng(this.corner);
      this.zoom = map.getZoom();
      if (this.canvas.width !== Math.round(this.width * ratio) || this.canvas.height !== Math.round(this.height * ratio)) {
        this.canvas.width = Math.round(this.width * ratio);
        this.canvas.height = Math.round(this.height * ratio);
        this.canvas.style.width = this.width + "px";
        this.canvas.style.height = this.height + "px";
      }
      L.DomUtil.setTransform(this.canvas, this.corner, 1);
      const context = this.context;
      context.setTransform(ratio, 0, 0, ratio, 0, 0);
      context.clearRect(0, 0, this.width, this.height);
      this.scale = 256 * 2 ** this.zoom;
      const origin = map.getPixelOrigin().add(this.corner);
      this.x0 = origin.x;
      this.y0 = origin.y;
      const reach = 60;
      const west = (this.x0 - reach) / this.scale, east = (this.x0 + this.width + reach) / this.scale;
      const north = (this.y0 - reach) / this.scale, south = (this.y0 + this.height + reach) / this.scale;
      this.inside = this.visible.filter((item) => item.east >= west && item.west <= east && item.south >= north && item.north <= south);
      this.crowded = this.inside.length > CROWDED;
      this.far = this.zoom < ayilmap.FAR;
      this.paintAreas(context, ratio);
      this.paintLines(context);
      this.taken = [];
      this.paintSigns(context, ratio);
      if (this.namesShown) this.paintNames(context);
      map.getContainer().dataset.painted = this.inside.length;
      if (this.spritesReady) map.getContainer().dataset.signs = "true";
    }

    trace(context, path, closed) {
      let lastX = NaN, lastY = NaN;
      for (let at = 0; at < path.length; at += 2) {
        const x = path[at] * this.scale - this.x0, y = path[at + 1] * this.scale - this.y0;
        if (at === 0) context.moveTo(x, y);
        // Less than a pixel from the last corner nothing is to be seen of it.
        else if (Math.abs(x - lastX) + Math.abs(y - lastY) < 1 && at + 2 < path.length) continue;
        else context.lineTo(x, y);
        lastX = x;
        lastY = y;
      }
      if (closed) context.closePath();
    }

    // By look, those large enough to show their hatch or dashes apart from those that are a few pixels wide.
    byLook(kind) {
      const looks = new Map();
      for (const item of this.inside) {
        if (!item[kind].length) continue;
        if (!looks.has(item.mark.look)) looks.set(item.mark.look, { large: [], small: [] });
        const pixels = Math.max(item.east - item.west, item.south - item.north) * this.scale;
        looks.get(item.mark.look)[pixels < (this.crowded ? 4 * SMALL : SMALL) ? "small" : "large"].push(item);
      }
      return looks;
    }

    paintAreas(context, ratio) {
      for (const [number, { large, small }] of this.byLook("areas")) {
        const look = this.looks[number];
        context.fillStyle = look.colour;
        context.globalAlpha = 0.45;
        for (const item of small) {
          const x = item.west * this.scale - this.x0, y = item.north * this.scale - this.y0;
          context.fillRect(Math.round(x), Math.round(y), Math.max(2, (item.east - item.west) * this.scale), Math.max(2, (item.south - item.north) * this.scale));
        }
        context.globalAlpha = 1;
        context.fillStyle = (look.fill && this.sprites.hatch(look.fill, context, ratio)) || "transparent";
        context.lineJoin = "round";
        context.lineCap = "butt";
        context.setLineDash(look.outline.dash);
        context.lineWidth = look.outline.width;
        context.strokeStyle = look.colour;
        // One after the other: where two areas of a look overlap, both are filled.
        for (const { areas } of large) {
          context.beginPath();
          for (const rings of areas) for (const ring of rings) this.trace(context, ring, true);
          context.fill("evenodd");
          context.stroke();
        }
      }
      context.setLineDash([]);
    }

    // All bottom strokes lie under all upper ones, so that double lines open into each other where they meet.
    paintLines(context) {
      const looks = this.byLook("lines");
      context.lineCap = "butt";
      context.lineWidth = 2;
      for (const [number, { small }] of looks) {
        context.strokeStyle = this.looks[number].colour;
        context.beginPath();
        for (const { lines } of small) {
          for (const line of lines) {
            const end = line.length - 2;
            context.moveTo(line[0] * this.scale - this.x0, line[1] * this.scale - this.y0);
            context.lineTo(line[end] * this.scale - this.x0 + 1, line[end + 1] * this.scale - this.y0);
          }
        }
        context.stroke();
      }
      for (let place = 0; place < 3; place++) {
        for (const [number, { large }] of looks) {
          const look = this.looks[number], stroke = look.strokes[place];
          if (!stroke || !large.length) continue;
          context.lineJoin = "round";
          context.lineCap = stroke.round ? "round" : "butt";
          context.setLineDash(stroke.dash);
          context.lineWidth = stroke.width;
          context.strokeStyle = stroke.paper ? this.paper : look.colour;
          for (const { lines } of large) {
            context.beginPath();
            for (const line of lines) this.trace(context, line, false);
            context.stroke();
          }
        }
      }
      context.setLineDash([]);
    }

    // The important ones first; the cells are those of the ground, so that the same signs stay while the map moves.
    paintSigns(context, ratio) {
      const cells = new Set(), signs = [], dots = new Map();
      this.standing = new Set();
      for (const rank of [1, 2, 3]) {
        for (const item of this.inside) {
          if (item.look.rank !== rank) continue;
          for (const [across, down] of item.points) {
            const x = Math.round(across * this.scale - this.x0), y = Math.round(down * this.scale - this.y0);
            const cell = Math.floor((across * this.scale) / CELL) * 1e8 + Math.floor((down * this.scale) / CELL);
            if (cells.has(cell)) {
              if (!dots.has(item.look.colour)) dots.set(item.look.colour, []);
              dots.get(item.look.colour).push(x, y);
            } else {
              cells.add(cell);
              signs.push([item, x, y]);
              this.standing.add(item);
            }
          }
        }
      }
      for (const [colour, places] of dots) {
        context.fillStyle = colour;
        for (let at = 0; at < places.length; at += 2) context.fillRect(places[at] - DOT / 2, places[at + 1] - DOT / 2, DOT, DOT);
      }
      signs.reverse();
      for (const [item, x, y] of signs) {
        const reach = ayilmap.reachOf(item.look, this.far);
        const sprite = this.sprites.sign(item.mark.look, Math.round(2 * reach * ratio));
        if (sprite) context.drawImage(sprite, x - reach, y - reach, 2 * reach, 2 * reach);
        else { context.fillStyle = item.look.colour; context.fillRect(x - 4, y - 4, 8, 8); }
        this.taken.push({ left: x - reach, right: x + reach, top: y - reach, bottom: y + reach });
      }
    }

    widthOf(context, words) {
      if (!this.widths.has(words)) this.widths.set(words, context.measureText(words).width);
      return this.widths.get(words);
    }

    paintNames(context) {
      context.font = "600 13px " + getComputedStyle(document.body).fontFamily;
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.lineJoin = "round";
      const grid = new Map();
      const cellsOf = (box) => {
        const found = [];
        for (let x = Math.floor(box.left / 64); x <= Math.floor(box.right / 64); x++) for (let y = Math.floor(box.top / 64); y <= Math.floor(box.bottom / 64); y++) found.push(x * 4096 + y);
        return found;
      };
      const take = (box) => cellsOf(box).forEach((cell) => { if (!grid.has(cell)) grid.set(cell, []); grid.get(cell).push(box); });
      const free = (box) => !cellsOf(box).some((cell) => (grid.get(cell) || []).some((other) => ayilmap.boxesMeet(box, other)));
      this.taken.forEach(take);
      const said = new Map();
      let placed = 0;
      for (const rank of [1, 2, 3]) {
        for (const item of this.inside) {
          const { mark, look } = item;
          if (look.rank !== rank || !mark.name || mark.quiet || placed >= MOST_NAMES) continue;
          const isPoint = item.points.length > 0;
          if (isPoint && !this.standing.has(item)) continue;
          const [lat, lon] = ayilmap.anchorOf(mark);
          const x = acrossOf(lon) * this.scale - this.x0, y = downOf(lat) * this.scale - this.y0;
          if (x < 0 || y < 0 || x > this.width || y > this.height) continue;
          // Most names of a crowded map have no room for even half of their letters: those are not measured.
          const least = Math.min(mark.name.length, 34) * 2, middle = isPoint ? y + ayilmap.reachOf(look, this.far) + 8 : y;
          if (!free({ left: x - least, right: x + least, top: middle - 8, bottom: middle + 8 })) continue;
          const words = mark.name.length > 34 ? mark.name.slice(0, 33) + "…" : mark.name;
          const half = this.widthOf(context, words) / 2 + 2;
          const again = (said.get(words) || []).some((at) => Math.hypot(at[0] - x, at[1] - y) < ayilmap.SAID_ONCE_PX);
          if (again) continue;
          const below = isPoint ? ayilmap.reachOf(look, this.far) + 8 : 0;
          const box = { left: x - half, right: x + half, top: y + below - 8, bottom: y + below + 8 };
          if (!free(box)) continue;
          take(box);
          placed += 1;
          if (!said.has(words)) said.set(words, []);
          said.get(words).push([x, y]);
          context.lineWidth = 4;
          context.strokeStyle = this.paper;
          context.strokeText(words, x, y + below);
          context.fillStyle = look.nameColour;
          context.fillText(words, x, y + below);
        }
      }
    }

    answer(event) {
      const found = this.at(this.map.latLngToLayerPoint(event.latlng).subtract(this.corner));
      if (found) this.choose(found.mark, event.latlng);
    }

    // What lies under a finger: a sign, else a line, else the smallest area.
    at({ x, y }) {
      let best = null, nearest = FINGER;
      const xOf = (across) => across * this.scale - this.x0, yOf = (down) => down * this.scale - this.y0;
      for (const item of this.inside) {
        for (const [across, down] of item.points) {
          const distance = Math.hypot(xOf(across) - x, yOf(down) - y) - (this.standing.has(item) ? 6 : 0);
          if (distance < nearest) { nearest = distance; best = item; }
        }
      }
      if (best) return best;
      nearest = NEAR_LINE;
      const point = L.point(x, y);
      for (const item of this.inside) {
        for (const line of item.lines) {
          for (let at = 2; at < line.length; at += 2) {
            const distance = L.LineUtil.pointToSegmentDistance(point, L.point(xOf(line[at - 2]), yOf(line[at - 1])), L.point(xOf(line[at]), yOf(line[at + 1])));
            if (distance < nearest) { nearest = distance; best = item; }
          }
        }
      }
      if (best) return best;
      let smallest = Infinity;
      for (const item of this.inside) {
        const size = (item.east - item.west) * (item.south - item.north);
        if (!item.areas.length || size >= smallest) continue;
        const outline = new Path2D();
        for (const rings of item.areas) for (const ring of rings) this.trace(outline, ring, true);
        this.context.setTransform(1, 0, 0, 1, 0, 0);
        if (this.context.isPointInPath(outline, x, y, "evenodd")) { best = item; smallest = size; }
      }
      return best;
    }
  };
})(window.ayilmap);
