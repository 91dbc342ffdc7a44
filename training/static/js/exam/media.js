/* Pictures and recordings of the questions that are not on the page yet: fetched one after the other, so that answers
   need not wait for them, and there when the connection is gone. */

import { all } from "./page.js";

const LONGEST = 20_000;

export class Later {
  constructor() {
    this.waiting = [];
  }

  /** Keep a form's files from being fetched all at once: to be called before the form comes into this page. */
  hold(form) {
    for (const one of all("img[src], audio[src]", form)) {
      one.dataset.later = one.getAttribute("src");
      one.removeAttribute("src");
      this.waiting.push(one);
    }
  }

  /** Fetch what a question shows, now that it is shown; also what could not be fetched before. */
  now(form) {
    for (const one of all("[data-later]", form)) start(one);
  }

  async fetch() {
    for (const one of this.waiting) if ("later" in one.dataset) await start(one);
  }
}

/** Resolves when the file is here, did not come, or takes too long; what did not come is tried again when it is shown. */
function start(one) {
  const address = one.dataset.later;
  const there = one instanceof HTMLImageElement ? "load" : "canplaythrough";
  delete one.dataset.later;
  return new Promise((done) => {
    one.addEventListener(there, done, { once: true });
    one.addEventListener("error", () => done((one.dataset.later = address)), { once: true });
    setTimeout(done, LONGEST);
    one.src = address;
    if (one instanceof HTMLMediaElement) one.load();
  });
}
