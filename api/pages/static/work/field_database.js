// What the phone keeps: one database for the page and its worker (classic script, as workers import those).
// Needs `idb` (its UMD build). Nothing here is deleted before the service has given a receipt for it, unless a person
// asks for all of it to be forgotten.
(() => {
  const NAME = "ayilmap-field";
  const opening = () =>
    self.idb.openDB(NAME, 1, {
      upgrade(db) {
        db.createObjectStore("kept", { keyPath: "key" }); // what was taken along, by municipality and year
        db.createObjectStore("drafts", { keyPath: "id" }); // visits being written down
        db.createObjectStore("visits", { keyPath: "id" }); // visits that are finished: to be sent, or sent
        db.createObjectStore("photos", { keyPath: "id" }).createIndex("visit", "visit");
      },
      blocking() { opened?.then((db) => db.close()); opened = undefined; },
      terminated() { opened = undefined; },
    });
  let opened;
  const database = () => (opened ??= opening());

  /** Whether an error says that the device is full. */
  const isFull = (error) => error?.name === "QuotaExceededError" || error?.inner?.name === "QuotaExceededError";

  /** Take a draft into the queue in one transaction: either all of it is there, or nothing has changed. */
  async function finish(visit) {
    const transaction = (await database()).transaction(["drafts", "visits"], "readwrite", { durability: "strict" });
    await Promise.all([transaction.objectStore("visits").put(visit), transaction.objectStore("drafts").delete(visit.id), transaction.done]);
  }

  /** Take a visit that was refused, or whose activity has changed, back to be mended; its id stays. */
  async function reopen(visit, draft) {
    const transaction = (await database()).transaction(["drafts", "visits"], "readwrite", { durability: "strict" });
    await Promise.all([transaction.objectStore("drafts").put(draft), transaction.objectStore("visits").delete(visit.id), transaction.done]);
  }

  /** Change a stored visit by what `change` makes of it, whoever else wrote meanwhile. */
  async function alter(id, change) {
    const transaction = (await database()).transaction("visits", "readwrite", { durability: "strict" });
    const visit = await transaction.store.get(id);
    const changed = visit ? change(visit) ?? visit : undefined;
    if (changed) await transaction.store.put(changed);
    await transaction.done;
    return changed;
  }

  /** Throw away a draft and its photos: only a draft, nothing that was finished. */
  async function discard(id) {
    const transaction = (await database()).transaction(["drafts", "photos"], "readwrite");
    const photos = await transaction.objectStore("photos").index("visit").getAllKeys(id);
    await Promise.all([transaction.objectStore("drafts").delete(id), ...photos.map((key) => transaction.objectStore("photos").delete(key)), transaction.done]);
  }

  /** Remove visits that the service has given every receipt for. */
  async function clearSent(before = Infinity) {
    const transaction = (await database()).transaction(["visits", "photos"], "readwrite");
    for (const visit of await transaction.objectStore("visits").getAll()) {
      if (visit.state !== "sent" || Date.parse(visit.sentAt) >= before || visit.parts.some((part) => !part.receipt)) continue;
      for (const key of await transaction.objectStore("photos").index("visit").getAllKeys(visit.id)) await transaction.objectStore("photos").delete(key);
      await transaction.objectStore("visits").delete(visit.id);
    }
    await transaction.done;
  }

  /** Forget everything, sent or not: only for a person who was told what is lost. */
  async function forgetAll() {
    const stores = ["kept", "drafts", "visits", "photos"];
    const transaction = (await database()).transaction(stores, "readwrite", { durability: "strict" });
    await Promise.all([...stores.map((name) => transaction.objectStore(name).clear()), transaction.done]);
  }

  const one = async (store, key) => (await database()).get(store, key);
  const all = async (store) => (await database()).getAll(store);
  const put = async (store, value) => (await database()).put(store, value);
  const remove = async (store, key) => (await database()).delete(store, key);
  const photosOf = async (visitId) => (await database()).getAllFromIndex("photos", "visit", visitId);

  self.fieldDatabase = { isFull, finish, reopen, alter, discard, clearSent, forgetAll, one, all, put, remove, photosOf };
})();
