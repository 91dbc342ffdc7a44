/* What the server tells while the exam runs: the seconds left, counted down here, and what the invigilator says. */

import { find, say } from "./page.js";

const ANNOUNCED = [30, 15, 5, 1];

export class Clock {
  /** `seconds` of what is open, `whole` of the exam where that is more than one part. */
  constructor(seconds, whole, { sync, timeUp }) {
    this.shown = find("[data-time]");
    this.shownWhole = find("[data-whole-time]");
    this.spoken = find("[data-announce]");
    this.button = find("[data-hide-time]");
    this.sync = sync;
    this.timeUp = timeUp;
    this.set(seconds, whole);
    this.last = Date.now();
    if (this.button) {
      this.button.hidden = false;
      this.button.addEventListener("click", () => this.hide(!this.hidden));
      this.hide(this.hidden && this.left > 300);
    }
    setInterval(() => this.tick(), 1000);
  }

  get hidden() {
    try {
      return sessionStorage.getItem("exam-time-hidden") === "yes";
    } catch {
      return false;
    }
  }

  get left() {
    return (this.endsAt - performance.now()) / 1000;
  }

  set(seconds, whole) {
    this.endsAt = performance.now() + seconds * 1000;
    if (whole) this.wholeEndsAt = performance.now() + whole * 1000;
    this.before ??= this.left;
  }

  /** Say when the time ends; more may have been given. */
  end(time) {
    const shown = find("[data-ends]");
    if (shown) shown.textContent = say("ends", { time });
  }

  hide(hidden) {
    try {
      sessionStorage.setItem("exam-time-hidden", hidden ? "yes" : "no");
    } catch {
      /* then it is asked for again on the next page */
    }
    this.shown.classList.toggle("vh", hidden);
    this.button.setAttribute("aria-label", say(hidden ? "show_time" : "hide_time"));
    find("[data-hide-word]", this.button).textContent = say(hidden ? "show_time" : "hide");
    find(".hide-s", this.button).hidden = hidden;
  }

  tick() {
    // A computer that slept counted nothing meanwhile: ask the server at once.
    if (Math.abs(Date.now() - this.last - 1000) > 4000) this.sync();
    this.last = Date.now();
    const left = this.left;
    this.shown.textContent = this.text(left);
    if (this.shownWhole) this.shownWhole.textContent = this.text((this.wholeEndsAt - performance.now()) / 1000);
    for (const minutes of ANNOUNCED) {
      if (this.before > minutes * 60 && left <= minutes * 60 && left > 0) this.announce(minutes);
    }
    this.before = left;
    if (left <= 0 && !this.over) {
      this.over = true;
      this.timeUp();
    }
  }

  text(left) {
    if (left <= 0) return say("time_up");
    if (left <= 60) return say("seconds", { seconds: Math.ceil(left) });
    const minutes = Math.ceil(left / 60);
    if (minutes < 60) return say("minutes", { minutes });
    return say("hours_minutes", { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
  }

  announce(minutes) {
    if (minutes <= 5) this.hide(false);
    this.spoken.textContent = minutes === 1 ? say("one_minute_left") : say("minutes_left", { minutes });
  }
}

/** Messages are shown until they are put away. */
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
