/* The reader of a lesson: keeps the place and the time, changes the size of the text, shows a clause beside it.
   Everything here adds to links and forms that work without. */

const main = document.getElementById("main");
const kept = main.querySelector("[data-place]");
const LINES = "p, li, h2, h3, tr, dt, summary, figure, label";
const EVERY = 30_000; // the server counts no more than a minute at once
const IDLE = 180_000; // whoever has not moved for so long does not read

const passages = () => [...kept.querySelectorAll("[data-passage]")];
const lines = (passage) => [...passage.querySelectorAll(LINES)].filter((line) => line.getClientRects().length);
const top = () => (document.querySelector(".topbar")?.getBoundingClientRect().bottom ?? 0) + 4;

/** The first line in sight, as [number of its passage, number of the line]; at the very top of the page 0, 0. */
function place() {
  if (scrollY < 8) return [0, 0];
  for (const passage of passages()) {
    if (passage.getBoundingClientRect().bottom <= top()) continue;
    const found = lines(passage).findIndex((line) => line.getBoundingClientRect().bottom > top());
    return [Number(passage.dataset.passage), Math.max(found, 0)];
  }
  return [Number(passages().at(-1)?.dataset.passage ?? 0), 0];
}

/** Go to where the person read on any device, unless the address or the browser says where to. */
function goThere() {
  const came = performance.getEntriesByType("navigation")[0]?.type;
  if (location.hash || came === "reload" || came === "back_forward") return;
  const passage = kept.querySelector(`[data-passage="${kept.dataset.atPassage}"]`);
  if (!passage) return;
  const line = lines(passage)[Number(kept.dataset.atLine)] || passage;
  scrollTo({ top: scrollY + line.getBoundingClientRect().top - top() - 16, behavior: "instant" });
}

/** Tells the server the place and how long the page was in sight. */
class Keeping {
  constructor() {
    this.at = [Number(kept.dataset.atPassage), Number(kept.dataset.atLine)];
    this.moved = 0;
    this.told = "";
    this.active = this.since = performance.now();
    this.visible = 0;
    this.said = document.querySelector("[data-place-kept]");
    for (const name of ["scroll", "pointerdown", "keydown", "timeupdate"]) {
      addEventListener(name, () => this.stir(name), { passive: true, capture: true });
    }
    document.addEventListener("visibilitychange", () => (document.hidden ? this.leave() : this.back()));
    // Who finishes the section stands in the next one: that this page was left a moment later moves nobody back.
    document.querySelector("form[data-finish]")?.addEventListener("submit", () => { this.finished = true; });
    addEventListener("pagehide", () => this.leave());
    setInterval(() => document.hidden || this.tell(), EVERY);
  }

  stir(name) {
    this.count();
    this.active = performance.now();
    if (name !== "scroll") return;
    clearTimeout(this.later);
    this.later = setTimeout(() => this.look() && this.tell(), 1500);
  }

  /** Note where the page stands; true if that is another place than before. */
  look() {
    const now = place();
    if (String(now) === String(this.at)) return false;
    this.at = now;
    this.moved = performance.now();
    return true;
  }

  count() {
    const now = performance.now();
    const seen = Math.min(now, this.active + IDLE) - this.since;
    if (!document.hidden && seen > 0) this.visible += seen;
    this.since = now;
  }

  back() {
    this.since = this.active = performance.now();
  }

  leave() {
    if (document.hidden) {
      const now = performance.now();
      this.visible += Math.max(0, Math.min(now, this.active + IDLE) - this.since);
      this.since = now;
    }
    if (!this.finished) this.look();
    this.tell(true);
  }

  async tell(leaving = false) {
    this.count();
    const [passage, line] = this.at;
    const age = Math.round(performance.now() - (this.finished ? 0 : this.moved));
    const visible = (this.visible / 1000).toFixed(1);
    if (leaving && visible < 1 && this.told === String(this.at)) return;
    this.visible = 0;
    this.told = String(this.at);
    const body = new URLSearchParams({ passage, line, age, visible });
    const headers = { "X-CSRFToken": main.querySelector("[name=csrfmiddlewaretoken]").value };
    try {
      const answer = await fetch(kept.dataset.place, { method: "POST", body, headers, keepalive: true, redirect: "manual" });
      this.show(answer.status === 204);
    } catch {
      this.show(false);
    }
    if (!this.kept) this.visible += Number(visible) * 1000;
  }

  show(well) {
    this.kept = well;
    if (!this.said) return;
    this.said.querySelector(".ok").hidden = !well;
    this.said.querySelector(".not").hidden = well;
  }
}

/** The size changes at once, and the device keeps it for the next page. */
function textSize() {
  const form = document.querySelector("form[data-text-size]");
  form?.addEventListener("submit", (event) => {
    event.preventDefault();
    const at = place();
    const size = event.submitter.value;
    const body = new FormData(form, event.submitter);
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-pressed", button === event.submitter);
    document.documentElement.dataset.textSize = size;
    kept.dataset.atPassage = at[0];
    kept.dataset.atLine = at[1];
    const passage = kept.querySelector(`[data-passage="${at[0]}"]`);
    if (passage) (lines(passage)[at[1]] || passage).scrollIntoView({ block: "start", behavior: "instant" });
    fetch(form.action, { method: "POST", body, redirect: "manual" }).catch(() => {});
  });
}

/** A cited clause as it reads today, beside the lesson; the link leads to its policy where this cannot. */
function citations() {
  const panel = document.getElementById("citation");
  const words = panel.querySelector("[data-words]");
  let from;
  main.addEventListener("click", async (event) => {
    const link = event.target.closest("a[data-clause]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    try {
      const answer = await fetch(link.dataset.clause, { headers: { "HX-Request": "true" }, redirect: "manual" });
      if (!answer.ok) throw new Error(`${answer.status}`);
      words.innerHTML = await answer.text();
    } catch {
      location.assign(link.href);
      return;
    }
    from = link;
    panel.show();
    words.querySelector("h2").focus();
  });
  panel.addEventListener("keydown", (event) => event.key === "Escape" && panel.close());
  panel.addEventListener("close", () => from?.focus());
}

/** On paper all is unfolded, in browsers that cannot do so by style too. */
function printing() {
  let opened = [];
  addEventListener("beforeprint", () => {
    opened = [...kept.querySelectorAll("details:not([open])")].map((one) => [one, one.getAttribute("name")]);
    for (const one of kept.querySelectorAll("details[name]")) one.dataset.name = one.getAttribute("name");
    for (const one of kept.querySelectorAll("details[name]")) one.removeAttribute("name");
    for (const [one] of opened) one.open = true;
  });
  addEventListener("afterprint", () => {
    for (const [one] of opened) one.open = false;
    for (const one of kept.querySelectorAll("details[data-name]")) one.setAttribute("name", one.dataset.name);
  });
}

goThere();
new Keeping();
textSize();
citations();
printing();
