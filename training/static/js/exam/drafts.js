/* What the server has not acknowledged, kept in IndexedDB. */

/** Keeps entries under "<user>:<attempt>:<kind>:<position>"; where the browser allows no database, in memory only. */
export class Drafts {
  constructor(prefix) {
    this.prefix = prefix;
    this.database = new Promise((ready) => {
      try {
        const asked = indexedDB.open("exam", 1);
        asked.onupgradeneeded = () => asked.result.createObjectStore("drafts", { keyPath: "key" });
        asked.onsuccess = () => ready(asked.result);
        asked.onerror = () => ready(null);
      } catch {
        ready(null);
      }
    });
  }

  async #do(mode, work) {
    const database = await this.database;
    if (!database) return undefined;
    return new Promise((done) => {
      const transaction = database.transaction("drafts", mode);
      const asked = work(transaction.objectStore("drafts"));
      transaction.oncomplete = () => done(asked?.result);
      transaction.onerror = transaction.onabort = () => done(undefined);
    });
  }

  keep(entry) {
    return this.#do("readwrite", (store) => store.put({ ...entry, key: this.prefix + entry.id }));
  }

  forget(id) {
    return this.#do("readwrite", (store) => store.delete(this.prefix + id));
  }

  async waiting() {
    return (await this.#do("readonly", (store) => store.getAll(IDBKeyRange.bound(this.prefix, `${this.prefix}\uffff`)))) || [];
  }

  wipe() {
    return this.#do("readwrite", (store) => store.delete(IDBKeyRange.bound(this.prefix, `${this.prefix}\uffff`)));
  }
}
