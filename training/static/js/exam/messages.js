/* What the invigilator says: shown once, until it is put away. */

import { find } from "./page.js";

export class Messages {
  constructor(attempt) {
    this.key = `exam-heard-${attempt}`;
    this.place = find("[data-messages]");
  }

  get last() {
    try {
      return Number(localStorage.getItem(this.key)) || 0;
    } catch {
      return this.shown || 0;
    }
  }

  show(messages = []) {
    for (const { number, text } of messages) {
      if (!this.place || number <= (this.shown || 0)) continue;
      this.shown = number;
      const banner = find("template[data-message]").content.cloneNode(true).firstElementChild;
      find("[data-message-text]", banner).textContent = text;
      find("[data-heard]", banner).addEventListener("click", () => this.heard(banner, number));
      this.place.append(banner);
    }
  }

  heard(banner, number) {
    banner.remove();
    try {
      localStorage.setItem(this.key, String(Math.max(number, this.last)));
    } catch {
      /* then it is shown again on the next page */
    }
  }
}
