/* global workbox, FIELD_BUILD, FIELD_FILES */
// The worker of the field app: keeps the page, its files and the ground; sends when the browser wakes it.
const { precacheAndRoute, cleanupOutdatedCaches } = workbox.precaching;
const { registerRoute } = workbox.routing;
const PAGES = `ayilmap-field-pages-${FIELD_BUILD}`;
const GROUND = "ayilmap-field-ground";
const LANGUAGE = "/field/language";

workbox.core.setCacheNameDetails({ prefix: "ayilmap-field" });
// What the map asks for besides tiles, under any query of its own.
precacheAndRoute(FIELD_FILES, { ignoreURLParametersMatching: [/^v$/], cleanURLs: false, directoryIndex: null });
cleanupOutdatedCaches();

/** A page is the same for everybody: fetched without cookies, so that no session is kept with it. */
const plain = (address) => new Request(address, { credentials: "omit", cache: "no-store" });
const isPage = (url) => /^\/field\/[0-9a-f-]{36}\/\d{4}$/.test(url.pathname);

self.addEventListener("install", (event) => {
  // Pages that were kept so far come along in their new form; if one can't be had, the old worker stays.
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (!name.startsWith("ayilmap-field-pages-") || name === PAGES) continue;
      for (const kept of await (await caches.open(name)).keys()) await keepPage(kept.url);
    }
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) if (name.startsWith("ayilmap-field-pages-") && name !== PAGES) await caches.delete(name);
    await self.clients.claim();
  })());
});

async function keepPage(address) {
  const answer = await fetch(plain(address));
  if (!answer.ok || answer.redirected) throw new Error(`${answer.status} ${address}`);
  await (await caches.open(PAGES)).put(address, answer);
}

async function page({ url }) {
  const pages = await caches.open(PAGES);
  const address = new URL(url.pathname, url.origin);
  const wish = url.searchParams.get("lang");
  const chosen = wish ?? (await (await caches.match(LANGUAGE))?.text());
  if (wish) await (await caches.open(GROUND)).put(LANGUAGE, new Response(wish));
  if (chosen) address.searchParams.set("lang", chosen);
  const kept = await pages.match(address);
  if (kept) return kept;
  try {
    return await fetch(url, { credentials: "same-origin", cache: "no-store" });
  } catch (error) {
    const any = await pages.match(url, { ignoreSearch: true });
    if (any) return any;
    throw error;
  }
}
registerRoute(({ request, url }) => request.mode === "navigate" && isPage(url), page);

// The ground of the municipality: what was taken along comes from the phone, the rest from the service.
const isGround = (url) => url.origin === self.location.origin && /^\/(basemap\/|work\/(ground|layers|signs)\.json)/.test(url.pathname);
registerRoute(({ url }) => isGround(url), async ({ request }) => {
  // Taking along asks past what is kept.
  const kept = request.cache === "reload" ? undefined : await (await caches.open(GROUND)).match(request, { ignoreVary: true });
  return kept ?? fetch(request).catch(() => new Response(null, { status: 504 }));
});

self.addEventListener("message", (event) => {
  if (event.data?.do === "take over") self.skipWaiting();
  if (event.data?.do === "keep page") {
    event.waitUntil(Promise.all(event.data.addresses.map(keepPage)).then(() => event.ports[0].postMessage({ done: true }), (error) => event.ports[0].postMessage({ error: String(error) })));
  }
});

self.addEventListener("sync", (event) => {
  if (event.tag === "ayilmap-field-send") event.waitUntil(self.fieldSending.send({ now: true }).then(({ done, reason }) => { if (!done && reason === "unreachable") throw new Error(reason); }));
});
