/* Sends what was answered until the server has it, and keeps it in IndexedDB until then. */

import { ask, pause, same } from "./page.js";

/** How long anything waits for the browser's database, which may be slow to open or never answer. */
export const PATIENCE = 2_000;
const RETRY_FIRST = 1_500;
const RETRY_MOST = 15_000;

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
      try {
        const transaction = database.transaction("drafts", mode);
        const asked = work(transaction.objectStore("drafts"));
        transaction.oncomplete = () => done(asked?.result);
        transaction.onerror = transaction.onabort = () => done(undefined);
      } catch {
        done(undefined); // the browser closed it: the page goes on in memory
      }
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

/**
 * Sends entries one after the other until each is acknowledged.
 *
 * An answer names the revision it was given on top of. What was sent and not acknowledged is sent again unchanged before
 * anything newer, because the server may have kept it: sent twice, it is acknowledged twice and kept once.
 */
export class Outbox {
  constructor(drafts, on) {
    this.drafts = drafts;
    this.on = on;
    this.entries = new Map();
    this.running = false;
    this.delay = RETRY_FIRST;
    this.lostSince = null;
    this.signedOut = false;
  }

  get size() {
    return [...this.entries.values()].filter((entry) => entry.kind === "answer").length;
  }

  restore(entries) {
    for (const entry of entries) if (!this.entries.has(entry.id)) this.entries.set(entry.id, entry);
  }

  put(kind, position, value, base, after = 0) {
    const id = `${kind}:${position}`;
    const entry = this.entries.get(id) || { id, kind, position, base };
    entry.value = value;
    this.entries.set(id, entry);
    this.drafts.keep(entry);
    this.on.changed();
    if (!after) this.flush();
    else if (!this.running) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.flush(), after);
    }
  }

  async flush() {
    if (this.running) return;
    this.running = true;
    clearTimeout(this.timer);
    try {
      while (this.entries.size && !this.signedOut) {
        const [entry] = this.entries.values();
        if (!(await this.#send(entry))) break;
      }
    } finally {
      this.running = false;
    }
    this.on.changed();
    if (this.entries.size) {
      this.timer = setTimeout(() => this.flush(), this.delay);
      this.delay = Math.min(this.delay * 2, RETRY_MOST);
    }
  }

  async #send(entry) {
    if (entry.sending === undefined) entry.sending = entry.value;
    await Promise.race([this.drafts.keep(entry), pause(PATIENCE)]);
    const bodies = {
      answer: { revision: entry.base, value: entry.sending },
      flag: { flagged: entry.sending },
      seen: {},
    };
    let reply;
    try {
      reply = await ask(`${entry.position}/${entry.kind}/`, bodies[entry.kind]);
    } catch {
      this.connection(false);
      return false;
    }
    this.connection(true);
    return this.#read(entry, reply);
  }

  #read(entry, { status, data }) {
    if (status === 0 || status === 403) {
      this.signedOut = true;
      this.on.signedOut();
      return false;
    }
    if (status === 423) {
      // Not here or not now: what was not taken stays on this computer.
      entry.sending = undefined;
      this.drafts.keep(entry);
      this.on.held(data);
      return false;
    }
    const unchanged = same(entry.sending, entry.value);
    entry.sending = undefined;
    if (status >= 200 && status < 300 && !unchanged) {
      entry.base = data.revision ?? entry.base;
      this.drafts.keep(entry);
      if (entry.kind === "answer") this.on.saved(entry.position, data, false);
      return true;
    }
    this.entries.delete(entry.id);
    this.drafts.forget(entry.id);
    if (status === 409) this.on.conflict(entry.position, data);
    else if (status === 410) this.on.over(data, entry.position);
    else if (status >= 400) this.on.refused(entry.position, data);
    else if (entry.kind === "answer") this.on.saved(entry.position, data, true);
    return status !== 410;
  }

  connection(works) {
    if (works) this.delay = RETRY_FIRST;
    if (works === !this.lostSince) return;
    this.lostSince = works ? null : new Date();
    this.on.connection(this.lostSince);
  }
}
