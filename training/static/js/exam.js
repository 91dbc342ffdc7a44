/* The running exam: every answer is sent as it is given, kept on this computer until the server has it, and the open
   page goes on without a connection. Everything here adds to pages that work as plain forms. */

const page = document.body.dataset;
const find = (selector, root = document) => root.querySelector(selector);
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const words = JSON.parse(find("#exam-words")?.textContent || "{}");
const say = (name, values = {}) =>
  Object.entries(values).reduce((text, [key, value]) => text.replaceAll(`{${key}}`, value), words[name] || "");
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

const HEARTBEAT = 30_000;
const RETRY_FIRST = 1_500;
const RETRY_MOST = 15_000;

/* ---------- drafts: what the server has not acknowledged, in IndexedDB ---------- */

/** Keeps entries under "<user>:<attempt>:<kind>:<position>"; where the browser allows no database, in memory only. */
class Drafts {
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

/* ---------- talking to the server ---------- */

function csrfToken() {
  const cookie = document.cookie.split("; ").find((part) => part.startsWith(`${words.csrf_cookie}=`));
  return cookie ? cookie.slice(words.csrf_cookie.length + 1) : find("[name=csrfmiddlewaretoken]")?.value || "";
}

/** Post or get JSON; throws on a lost connection. A redirect to the login page comes back as status 0. */
async function ask(path, body) {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), 10_000);
  try {
    const response = await fetch(page.base + path, {
      method: body === undefined ? "GET" : "POST",
      headers: body === undefined ? {} : { "Content-Type": "application/json", "X-CSRFToken": csrfToken() },
      body: body === undefined ? undefined : JSON.stringify(body),
      credentials: "same-origin",
      redirect: "manual",
      signal: abort.signal,
    });
    if (response.status >= 500) throw new Error(`server: ${response.status}`);
    const isJson = (response.headers.get("Content-Type") || "").includes("json");
    return { status: response.status, data: isJson ? await response.json() : {} };
  } finally {
    clearTimeout(timer);
  }
}

const same = (left, right) => JSON.stringify(left) === JSON.stringify(right);

/**
 * Sends entries one after the other until each is acknowledged.
 *
 * An answer names the revision it was given on top of. What was sent and not acknowledged is sent again unchanged before
 * anything newer, because the server may have kept it: sent twice, it is acknowledged twice and kept once.
 */
class Outbox {
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

  put(kind, position, value, base) {
    const id = `${kind}:${position}`;
    const entry = this.entries.get(id) || { id, kind, position, base };
    entry.value = value;
    this.entries.set(id, entry);
    this.drafts.keep(entry);
    this.on.changed();
    this.flush();
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
    await this.drafts.keep(entry);
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
    else if (status === 410) this.on.over(data);
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

/* ---------- the clock: the server's seconds, counted down here ---------- */

const ANNOUNCED = [30, 15, 5, 1];

class Clock {
  constructor(seconds, { sync, timeUp }) {
    this.shown = find("[data-time]");
    this.spoken = find("[data-announce]");
    this.button = find("[data-hide-time]");
    this.sync = sync;
    this.timeUp = timeUp;
    this.set(seconds);
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
    return (this.end - performance.now()) / 1000;
  }

  set(seconds) {
    this.end = performance.now() + seconds * 1000;
    this.before ??= this.left;
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

/* ---------- one question in the page ---------- */

class Question {
  constructor(form, exam) {
    this.form = form;
    this.exam = exam;
    this.position = Number(form.dataset.position);
    this.kind = form.dataset.kind;
    this.revision = Number(form.dataset.revision);
    this.seen = "seen" in form.dataset;
    this.flagged = "flagged" in form.dataset;
    this.answered = "answered" in form.dataset;
    form.addEventListener("submit", (event) => this.submit(event));
    form.addEventListener("change", (event) => this.change(event));
  }

  get value() {
    if (this.kind === "ordering") return all("[data-number]", this.form).map((step) => Number(step.dataset.number));
    const chosen = all("[name=choice]:checked", this.form).map((box) => Number(box.value));
    if (this.kind === "multiple") return chosen.length ? chosen : null;
    return chosen.length ? chosen[0] : null;
  }

  /** Show an answer that came from elsewhere: the server's newer one, or a draft from before a reload. */
  set value(value) {
    if (this.kind === "ordering" && value) {
      const list = find(".order", this.form);
      for (const number of value) list.append(find(`[data-number="${number}"]`, list));
      this.renumber();
    } else if (this.kind !== "ordering") {
      const chosen = [value].flat();
      for (const box of all("[name=choice]", this.form)) box.checked = chosen.includes(Number(box.value));
    }
    this.mark(value !== null);
  }

  mark(answered) {
    this.answered = answered;
    const clear = find(".clear", this.form);
    if (clear) clear.hidden = !answered;
    const keep = find(".keep", this.form);
    if (keep) keep.hidden = answered;
    this.exam.navigator(this);
  }

  give(value) {
    this.mark(value !== null);
    this.exam.outbox.put("answer", this.position, value, this.revision);
  }

  change(event) {
    if (event.target.name === "choice") this.give(this.value);
    if (event.target.name?.startsWith("place-")) {
      const step = event.target.closest("[data-number]");
      this.moveTo(step, Number(event.target.value) - 1, event.target);
    }
  }

  submit(event) {
    const button = event.submitter;
    if (!button) return;
    const act = this.#act(button);
    if (!act) return;
    event.preventDefault();
    act();
  }

  #act(button) {
    if ("flag" in button.dataset) return () => this.toggleFlag();
    if ("move" in button.dataset) return () => this.step(button);
    if ("keep" in button.dataset) return () => this.give(this.value);
    if ("clear" in button.dataset) return () => this.clear();
    if ("go" in button.dataset) return () => this.exam.go(Number(button.dataset.go));
    if ("check" in button.dataset) return () => this.exam.leave("check/");
    return () => this.exam.outbox.flush();
  }

  clear() {
    for (const box of all("[name=choice]:checked", this.form)) box.checked = false;
    this.give(null);
    find("[name=choice], [data-keep]", this.form)?.focus();
  }

  flag(flagged) {
    this.flagged = flagged;
    find("[data-flag] span", this.form).textContent = say(flagged ? "unflag" : "flag");
    this.exam.navigator(this);
  }

  toggleFlag() {
    this.flag(!this.flagged);
    this.exam.clock.spoken.textContent = say(this.flagged ? "flagged" : "not_flagged");
    this.exam.outbox.put("flag", this.position, this.flagged);
  }

  step(button) {
    const step = button.closest("[data-number]");
    const steps = all("[data-number]", this.form);
    this.moveTo(step, steps.indexOf(step) + Number(button.dataset.move), button);
  }

  /** Move a step; the focus stays on what moved it, and the new place is said. */
  moveTo(step, place, focus) {
    const steps = all("[data-number]", this.form);
    if (place < 0 || place >= steps.length) return;
    steps.splice(steps.indexOf(step), 1);
    steps.splice(place, 0, step);
    find(".order", this.form).append(...steps);
    this.renumber();
    focus.focus();
    this.exam.clock.spoken.textContent = say("moved", {
      step: find(".step", step).textContent,
      place: place + 1,
      total: steps.length,
    });
    this.give(this.value);
  }

  renumber() {
    const steps = all("[data-number]", this.form);
    steps.forEach((step, index) => {
      find(".k", step).textContent = index + 1;
      find("select", step).value = String(index + 1);
      find("[data-move='-1']", step).setAttribute("aria-disabled", index === 0);
      find("[data-move='1']", step).setAttribute("aria-disabled", index === steps.length - 1);
    });
  }
}

/* ---------- the page ---------- */

class Exam {
  constructor() {
    this.drafts = new Drafts(`${page.user}:${page.attempt}:`);
    this.questions = new Map();
    this.outbox = new Outbox(this.drafts, {
      changed: () => this.showSaveState(),
      saved: (position, data, settled) => this.saved(position, data, settled),
      conflict: (position, data) => this.conflict(position, data),
      refused: (position, data) => this.conflict(position, data),
      over: (data) => this.leaveFor(data.url),
      signedOut: () => this.signedOut(),
      connection: (since) => this.connection(since),
    });
    this.clock = new Clock(Number(page.seconds), { sync: () => this.sync(), timeUp: () => this.timeUp() });
    this.place = find("[data-question]");
    this.current = this.place ? this.adopt(find("form.question", this.place)) : null;
    this.started = this.start();
  }

  async start() {
    this.outbox.restore(await this.drafts.waiting());
    for (const entry of this.outbox.entries.values()) this.showDraft(entry);
    this.showSaveState();
    const sent = this.outbox.flush();
    setInterval(() => this.sync(), HEARTBEAT);
    addEventListener("online", () => this.again());
    addEventListener("offline", () => this.outbox.connection(false));
    addEventListener("focus", () => this.again());
    document.addEventListener("visibilitychange", () => document.hidden || this.sync());
    if (!this.current) return;
    addEventListener("popstate", () => this.show(Number(location.pathname.match(/(\d+)\/$/)?.[1]), false));
    document.addEventListener("click", (event) => this.click(event));
    history.replaceState({ position: this.current.position }, "");
    await sent;
    await this.loadPaper();
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
          this.navigator(this.adopt(document.adoptNode(form)));
        }
        for (const entry of this.outbox.entries.values()) this.showDraft(entry);
        return;
      } catch {
        await pause(RETRY_FIRST * 2 ** tries);
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

  /** Leave for another page once everything is sent, or after a moment; what is not sent waits in the drafts. */
  async leave(path) {
    for (let waited = 0; this.outbox.entries.size && waited < 1500; waited += 100) await pause(100);
    location.assign(page.base + path);
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
    this.current = question;
    this.place.replaceChildren(question.form);
    find("[data-conflict]").hidden = true;
    if (push) history.pushState({ position }, "", `${page.base}${position}/`);
    const title = say("title", { number: position, total: all(".nav40 a").length });
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
    const links = all(".nav40 a");
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
      const { status, data } = await ask("clock/");
      this.outbox.connection(true);
      if (status === 0) this.signedOut();
      if (status !== 200) return;
      if (!data.open) this.leaveFor(page.base);
      this.clock.set(data.remaining);
      this.clock.over = this.clock.over && data.remaining <= 0;
      if (this.outbox.entries.size) this.outbox.flush();
    } catch {
      this.outbox.connection(false);
    }
  }

  async timeUp() {
    if (page.exam === "time-up") return;
    this.outbox.flush();
    for (let waited = 0; this.outbox.entries.size && waited < 4000; waited += 100) await pause(100);
    if (!this.outbox.lostSince) location.assign(`${page.base}time-up/`);
  }

  /** "Saved" is only ever said after the server said so. */
  showSaveState() {
    const state = this.outbox.size ? (this.outbox.lostSince || this.outbox.signedOut ? "not_saved" : "saving") : "saved";
    const unsent = find("[data-unsent]");
    if (unsent) {
      unsent.hidden = !this.outbox.size;
      unsent.textContent = say(this.outbox.size === 1 ? "unsent_one" : "unsent_many", { count: this.outbox.size });
    }
    if (state === "saved" && !this.lastSaved) return;
    const key = state + (this.lastSaved || "");
    if (key === this.shownState) return;
    this.shownState = key;
    const shown = find(`template[data-save-state="${state}"]`).content.cloneNode(true);
    if (state === "saved") find(".save", shown).lastChild.textContent = say("saved", { time: this.lastSaved });
    find("[data-save]").replaceChildren(shown);
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
