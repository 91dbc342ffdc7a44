/* The running exam: every answer is sent as it is given, kept on this computer until the server has it, and the open
   page goes on without a connection. Everything here adds to pages that work as plain forms. */

import { Clock, Messages } from "./exam/clock.js";
import { Later } from "./exam/media.js";
import { Drafts, Outbox, PATIENCE } from "./exam/outbox.js";
import { all, ask, find, page, pause, say } from "./exam/page.js";
import { Question } from "./exam/question.js";
import "./zoom.js";

const HEARTBEAT = 30_000;
const PAPER_RETRY = 1_500;
const AWAY = 2_000;
const CLOSE_RETRY = 3_000;
/** Refusals of one question; the exam goes on. */
const CLOSED = new Set(["part_closed", "part_time_up", "question_left", "not_reached"]);
/** Pages on which the clock ends nothing. */
const STOPPED = new Set(["time-up", "paused", "elsewhere"]);

class Exam {
  constructor() {
    this.drafts = new Drafts(`${page.user}:${page.attempt}:`);
    this.questions = new Map();
    this.later = new Later();
    this.outbox = new Outbox(this.drafts, {
      changed: () => this.showSaveState(),
      saved: (position, data, settled) => this.saved(position, data, settled),
      conflict: (position, data) => this.conflict(position, data),
      refused: (position, data) => this.conflict(position, data),
      over: (data, position) => this.over(data, position),
      held: (data) => STOPPED.has(page.exam) || this.leaveFor(data.url),
      signedOut: () => this.signedOut(),
      connection: (since) => this.connection(since),
    });
    this.clock = new Clock(Number(page.seconds), Number(page.whole) || null, { sync: () => this.sync(), timeUp: () => this.timeUp() });
    this.messages = new Messages(page.attempt);
    this.place = find("[data-question]");
    this.current = this.place ? this.adopt(find("form.question", this.place)) : null;
    this.started = this.start();
  }

  async start() {
    const restored = this.drafts.waiting().then((entries) => this.restore(entries));
    setInterval(() => this.sync(), HEARTBEAT);
    addEventListener("online", () => this.again());
    addEventListener("offline", () => this.outbox.connection(false));
    addEventListener("focus", () => this.again());
    document.addEventListener("visibilitychange", () => (document.hidden ? this.left() : this.sync()));
    if (this.current) {
      addEventListener("popstate", () => this.show(Number(location.pathname.match(/(\d+)\/$/)?.[1]), false));
      document.addEventListener("click", (event) => this.click(event));
      history.replaceState({ position: this.current.position }, "");
    }
    await Promise.race([restored, pause(PATIENCE)]);
    if (!this.current) return;
    await this.sent;
    await this.loadPaper();
  }

  /** Take up what an earlier page could not send, however late the browser's database tells it. */
  restore(entries) {
    this.outbox.restore(entries);
    for (const entry of this.outbox.entries.values()) this.showDraft(entry);
    this.showSaveState();
    this.sent = this.outbox.flush();
  }

  adopt(form) {
    const question = new Question(form, this);
    this.questions.set(question.position, question);
    return question;
  }

  /** Fetch the other questions, as they are once drafts are sent, so that the page can go on without a connection. */
  async loadPaper() {
    const from = this.place.dataset.paper || `${page.base}paper/`;
    for (let tries = 0; tries < 5; tries += 1) {
      try {
        const response = await fetch(from, { credentials: "same-origin", redirect: "error" });
        if (!response.ok) return;
        const paper = new DOMParser().parseFromString(await response.text(), "text/html");
        for (const form of all("form.question", paper)) {
          if (this.questions.has(Number(form.dataset.position))) continue;
          this.later.hold(form);
          this.navigator(this.adopt(document.adoptNode(form)));
        }
        for (const entry of this.outbox.entries.values()) this.showDraft(entry);
        this.later.fetch();
        return;
      } catch {
        await pause(PAPER_RETRY * 2 ** tries);
      }
    }
  }

  showDraft(entry) {
    const question = this.questions.get(entry.position);
    if (question && entry.kind === "answer") question.value = entry.value;
    if (question && entry.kind === "flag") question.flag(entry.value);
  }

  click(event) {
    const link = event.target.closest("a[data-go]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    if (!this.questions.has(Number(link.dataset.go))) return;
    event.preventDefault();
    this.go(Number(link.dataset.go));
  }

  async go(position) {
    if (this.questions.has(position)) this.show(position, true);
    else await this.leave(`${position}/`);
  }

  /**
   * Send a question's form, which closes the question, once all its answers have arrived; without a connection it waits
   * for it, and so does whoever pressed the button.
   */
  async close(button, ready) {
    if (this.closing) return;
    this.closing = true;
    button.setAttribute("aria-disabled", "true");
    for (let tries = 0; this.outbox.size || !(await this.#isReachable()); tries += 1) {
      if (tries === 1) this.clock.spoken.textContent = say("waits");
      if (this.outbox.signedOut) break;
      this.outbox.flush();
      await pause(Math.min(250 * 2 ** tries, CLOSE_RETRY));
    }
    this.closing = false;
    button.removeAttribute("aria-disabled");
    if (this.outbox.size || this.outbox.signedOut) return;
    ready();
    button.form.requestSubmit(button);
  }

  async #isReachable() {
    try {
      const { status } = await ask(`clock/?after=${this.messages.last}`);
      this.outbox.connection(true);
      this.outbox.signedOut = status === 0;
      if (status === 0) this.signedOut();
      return status !== 0;
    } catch {
      this.outbox.connection(false);
      return false;
    }
  }

  /** Leave for another page once everything is sent, or after a moment; what is not sent waits in the drafts. */
  async leave(path) {
    for (let waited = 0; this.outbox.entries.size && waited < 1500; waited += 100) await pause(100);
    location.assign(page.base + path);
  }

  /** What is refused for good leads away, unless it came late for a part or question that this page has left. */
  over(data, position) {
    const isHere = Boolean(find(`.nav40 [data-go="${position}"]`));
    if (!CLOSED.has(data.code) || !find(".nav40") || isHere) return this.leaveFor(data.url);
    const banner = find("[data-conflict]");
    find("[data-conflict-text]", banner).textContent = data.message;
    banner.hidden = false;
  }

  leaveFor(address) {
    if (address) location.assign(address);
  }

  show(position, push) {
    const question = this.questions.get(position);
    if (!question) {
      location.reload();
      return;
    }
    if (question === this.current) return;
    this.current.settle();
    this.current = question;
    this.later.now(question.form);
    this.place.replaceChildren(question.form);
    find("[data-conflict]").hidden = true;
    if (push) history.pushState({ position }, "", `${page.base}${position}/`);
    const title = say("title", { number: position, total: page.total });
    document.title = [title, ...document.title.split(" - ").slice(1)].join(" - ");
    for (const link of all(".nav40 a")) link.removeAttribute("aria-current");
    find(`.nav40 [data-go="${position}"]`)?.setAttribute("aria-current", "page");
    scrollTo(0, 0);
    find("h1", question.form).focus();
    if (!question.seen) {
      question.seen = true;
      this.outbox.put("seen", position, true);
    }
    this.navigator(question);
  }

  /** Draw a question's entry in the list of all questions again, and count. */
  navigator(question) {
    const link = find(`.nav40 [data-go="${question.position}"]`);
    if (!link) return;
    const seen = question.seen || question === this.current;
    link.classList.toggle("a", question.answered);
    link.classList.toggle("u", !question.answered && !seen);
    link.classList.toggle("f", question.flagged);
    const state = question.answered ? "answered" : seen ? "not_answered" : "not_seen";
    link.setAttribute("aria-label", say(question.flagged ? `${state}_flagged` : state, { number: question.position }));
    const links = all(".nav40 .q");
    const count = (name, fits) => {
      const number = find(`[data-count="${name}"]`);
      if (number) number.textContent = links.filter(fits).length;
    };
    count("answered", (one) => one.classList.contains("a"));
    count("seen", (one) => !one.classList.contains("a") && !one.classList.contains("u"));
    count("unseen", (one) => one.classList.contains("u"));
    count("flagged", (one) => one.classList.contains("f"));
  }

  /* what the server said */

  saved(position, data, settled) {
    const question = this.questions.get(position);
    if (question) {
      question.revision = data.revision;
      find("[name=revision]", question.form).value = data.revision;
    }
    this.clock.set(data.remaining);
    if (settled) this.lastSaved = data.saved;
  }

  conflict(position, data) {
    const question = this.questions.get(position);
    if (!question) return;
    if (data.revision !== undefined) {
      question.revision = data.revision;
      question.value = data.value;
      this.lastSaved = data.saved;
    }
    const banner = find("[data-conflict]");
    find("[data-conflict-text]", banner).textContent = data.message || "";
    banner.hidden = question !== this.current;
  }

  connection(since) {
    const banner = find("[data-lost]");
    if (!banner) return;
    banner.hidden = !since;
    if (since) {
      const inTheCentre = { timeZone: page.zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
      const time = since.toLocaleTimeString("en-GB", inTheCentre);
      find("[data-lost-since]", banner).textContent = say("lost_since", { time });
    }
  }

  signedOut() {
    const dialog = find("#signed-out");
    if (dialog?.showModal && !dialog.open) dialog.showModal();
    this.showSaveState();
  }

  /** The page went out of sight while a question was on it, and not to another page of the exam: for people to read. */
  left() {
    if (!this.current) return;
    setTimeout(() => document.hidden && ask("left/", {}).catch(() => {}), AWAY);
  }

  again() {
    if (this.outbox.signedOut) {
      this.outbox.signedOut = false;
      find("#signed-out")?.close();
    }
    this.outbox.flush();
    this.sync();
  }

  async sync() {
    try {
      const { status, data } = await ask(`clock/?after=${this.messages.last}`);
      this.outbox.connection(true);
      if (status === 0) this.signedOut();
      if (status !== 200) return;
      if (this.#isMisplaced(data)) this.leaveFor(page.base);
      this.clock.set(data.remaining, data.whole);
      this.clock.end(data.ends);
      this.messages.show(data.messages);
      this.clock.over = this.clock.over && data.remaining <= 0;
      if (this.outbox.entries.size) this.outbox.flush();
    } catch {
      this.outbox.connection(false);
    }
  }

  /** Whether this page is no longer the one for the state of the attempt: over, paused or not, here or elsewhere. */
  #isMisplaced(data) {
    if (!data.open) return true;
    if (page.part && data.part !== Number(page.part)) return true;
    if (data.elsewhere || page.exam === "elsewhere") return data.elsewhere !== (page.exam === "elsewhere");
    return data.paused !== (page.exam === "paused");
  }

  async timeUp() {
    if (STOPPED.has(page.exam)) return;
    this.current?.settle();
    this.outbox.flush();
    for (let waited = 0; this.outbox.entries.size && waited < 4000; waited += 100) await pause(100);
    if (!this.outbox.lostSince) location.assign(page.base + page.up);
  }

  /** "Saved" is only ever said after the server said so. */
  showSaveState() {
    const state = this.outbox.size ? (this.outbox.lostSince || this.outbox.signedOut ? "not_saved" : "saving") : "saved";
    const unsent = find("[data-unsent]");
    if (unsent) {
      unsent.hidden = !this.outbox.size;
      unsent.textContent = say(this.outbox.size === 1 ? "unsent_one" : "unsent_many", { count: this.outbox.size });
    }
    const place = find("[data-save]");
    if (!place || (state === "saved" && !this.lastSaved)) return;
    const key = state + (this.lastSaved || "");
    if (key === this.shownState) return;
    this.shownState = key;
    const shown = find(`template[data-save-state="${state}"]`).content.cloneNode(true);
    if (state === "saved") find(".save", shown).lastChild.textContent = say("saved", { time: this.lastSaved });
    place.replaceChildren(shown);
  }
}

/** The form goes only when nothing is left behind; after the deadline it goes by itself. */
function handingIn(exam) {
  const form = find("[data-hand-in], [data-time-up]");
  if (!form) return;
  const byItself = "timeUp" in form.dataset;
  const send = async () => {
    await exam.started;
    for (let waited = 0; exam.outbox.size && waited < (byItself ? 3000 : 10_000); waited += 100) await pause(100);
    if (byItself || !exam.outbox.size) form.submit();
  };
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  if (byItself) send();
}

if (page.exam === "done") {
  new Drafts(`${page.user}:${page.attempt}:`).wipe();
} else if (page.exam) {
  const exam = new Exam();
  handingIn(exam);
}
