// Signs of kinds and hatches of areas as pictures of a map: drawn from SVG when a layer first names them.
const SHARPER = 2;
const NAMED = /^(?:sign|hatch)\/[a-z_]+\/(light|dark)$/;
const drawings = new Map();

/** Let a map find the pictures that the layers of `featureLayers` name. */
export function supplySigns(map) {
  map.setMissingStyleImageResolver(async (id) => {
    const [, theme] = NAMED.exec(id) ?? [];
    if (!theme) return;
    const svg = (await allOf(theme))[id];
    if (!svg || map.hasImage(id)) return;
    const picture = await painted(svg);
    if (!map.hasImage(id)) map.addImage(id, picture, { pixelRatio: SHARPER });
  });
}

/** Every drawing of a theme, read once a page; where they cannot be had, points are plain circles. */
function allOf(theme) {
  if (!drawings.has(theme)) {
    const reading = fetch(`/work/signs.json?theme=${theme}`, { credentials: "same-origin" }).then((answer) => (answer.ok ? answer.json() : {})).catch(() => ({}));
    drawings.set(theme, reading);
  }
  return drawings.get(theme);
}

async function painted(svg) {
  const picture = new Image();
  picture.src = `data:image/svg+xml,${encodeURIComponent(svg)}`;
  await picture.decode();
  const [width, height] = [picture.width * SHARPER, picture.height * SHARPER];
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  context.drawImage(picture, 0, 0, width, height);
  return context.getImageData(0, 0, width, height);
}
