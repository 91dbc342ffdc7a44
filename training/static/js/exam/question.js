/* One question in the page: a form with one thing to answer, or with parts. */

import { all, find, same, say } from "./page.js";

const TYPING = 700;

/** What is answered at once: options, steps in order, a choice from a list, something typed. */
export class Field {
  constructor(root, question) {
    this.root = root;
    this.question = question;
    this.number = root.dataset.field;
    this.kind = root.dataset.kind;
    this.kept = "answered" in root.dataset;
    root.addEventListener("change", (event) => this.change(event));
    root.addEventListener("input", (event) => this.input(event));
  }

  get typed() {
    return find("[data-typed]", this.root);
  }

  get list() {
    return find("select[name$=choice]", this.root);
  }

  get value() {
    if (this.kind === "ordering") return this.kept ? this.steps.map((step) => Number(step.dataset.number)) : null;
    if (this.typed) return this.typed.value.trim() ? this.typed.value : null;
    if (this.list) return this.list.value === "" ? null : Number(this.list.value);
    const chosen = all("[name$=choice]:checked", this.root).map((box) => Number(box.value));
    if (this.kind === "multiple") return chosen.length ? chosen : null;
    return chosen.length ? chosen[0] : null;
  }

  set value(value) {
    if (this.kind === "ordering") this.order(value);
    else if (this.typed) this.typed.value = value ?? "";
    else if (this.list) this.list.value = value ?? "";
    else {
      const chosen = [value].flat();
      for (const box of all("[name$=choice]", this.root)) box.checked = chosen.includes(Number(box.value));
    }
  }

  change(event) {
    if (event.target.name?.includes("place-")) {
      this.moveTo(event.target.closest("[data-number]"), Number(event.target.value) - 1, event.target);
    } else {
      this.question.give();
      this.question.settle();
    }
  }

  /** What is typed is kept here at once and sent after a pause, so that a save is not made of every letter. */
  input(event) {
    if ("typed" in event.target.dataset) this.question.give(TYPING);
  }

  press(button) {
    if ("move" in button.dataset) this.step(button);
    if ("keep" in button.dataset) this.keep();
  }

  /* steps in order */

  get steps() {
    return all("[data-number]", this.root);
  }

  keep() {
    this.mark(true);
    this.question.give();
  }

  mark(kept) {
    this.kept = kept;
    find(".keep", this.root).hidden = kept;
  }

  order(numbers) {
    const list = find(".order", this.root);
    for (const number of numbers || []) list.append(find(`[data-number="${number}"]`, list));
    this.renumber();
    this.mark(Boolean(numbers));
  }

  step(button) {
    const step = button.closest("[data-number]");
    this.moveTo(step, this.steps.indexOf(step) + Number(button.dataset.move), button);
  }

  /** Move a step; the focus stays on what moved it, and the new place is said. */
  moveTo(step, place, focus) {
    const { steps } = this;
    if (place < 0 || place >= steps.length) return;
    steps.splice(steps.indexOf(step), 1);
    steps.splice(place, 0, step);
    find(".order", this.root).append(...steps);
    this.renumber();
    focus.focus();
    this.question.say(say("moved", { step: find(".step", step).textContent, place: place + 1, total: steps.length }));
    this.keep();
  }

  renumber() {
    const { steps } = this;
    steps.forEach((step, index) => {
      find(".k", step).textContent = index + 1;
      find("select", step).value = String(index + 1);
      find("[data-move='-1']", step).setAttribute("aria-disabled", index === 0);
      find("[data-move='1']", step).setAttribute("aria-disabled", index === steps.length - 1);
    });
  }
}

export class Question {
  constructor(form, exam) {
    this.form = form;
    this.exam = exam;
    this.position = Number(form.dataset.position);
    this.revision = Number(form.dataset.revision);
    this.seen = "seen" in form.dataset;
    this.flagged = "flagged" in form.dataset;
    this.answered = "answered" in form.dataset;
    this.fields = all("[data-field]", form).map((root) => new Field(root, this));
    this.given = this.answered ? this.value : null;
    form.addEventListener("submit", (event) => this.submit(event));
  }

  get isWhole() {
    return this.fields.length === 1 && !this.fields[0].number;
  }

  /** As the server takes it: of a whole question its value, else the values of its parts by their numbers. */
  get value() {
    if (this.isWhole) return this.fields[0].value;
    const given = this.fields.map((field) => [field.number, field.value]).filter(([, value]) => value !== null);
    return given.length ? Object.fromEntries(given) : null;
  }

  /** Show an answer that came from elsewhere: the server's newer one, or a draft from before a reload. */
  set value(value) {
    for (const field of this.fields) field.value = this.isWhole ? value : (value?.[field.number] ?? null);
    this.given = value;
    this.mark(value !== null);
  }

  mark(answered) {
    this.answered = answered;
    const clear = find(".clear", this.form);
    if (clear) clear.hidden = !answered;
    this.exam.navigator(this);
  }

  /** Send the answer as it stands, at once or after so many milliseconds, unless it stands so already. */
  give(after = 0) {
    const value = this.value;
    if (same(value, this.given)) return;
    this.given = value;
    this.mark(value !== null);
    this.exam.outbox.put("answer", this.position, value, this.revision, after);
  }

  /** Whoever goes on has ended typing. */
  settle() {
    this.exam.outbox.flush();
  }

  submit(event) {
    const button = event.submitter;
    // Once all is sent the form goes by itself: the server closes this question and shows the next.
    if (this.leaving) return;
    const act = button && this.#act(button);
    if (!act) return;
    event.preventDefault();
    this.settle();
    act();
  }

  #act(button) {
    if ("flag" in button.dataset) return () => this.toggleFlag();
    if ("clear" in button.dataset) return () => this.clear();
    if ("go" in button.dataset) return () => this.exam.go(Number(button.dataset.go));
    if ("leave" in button.dataset) return () => this.leave(button);
    if ("check" in button.dataset) return () => this.exam.leave("check/");
    const field = this.fields.find((one) => one.root.contains(button));
    if (field) return () => field.press(button);
    return () => this.exam.outbox.flush();
  }

  async leave(button) {
    await this.exam.close(button, () => {
      this.leaving = true;
    });
  }

  clear() {
    for (const field of this.fields) field.value = null;
    this.give();
    find("[name$=choice], [data-keep], [data-typed]", this.form)?.focus();
  }

  flag(flagged) {
    this.flagged = flagged;
    find("[data-flag] span", this.form).textContent = say(flagged ? "unflag" : "flag");
    this.exam.navigator(this);
  }

  toggleFlag() {
    this.flag(!this.flagged);
    this.say(say(this.flagged ? "flagged" : "not_flagged"));
    this.exam.outbox.put("flag", this.position, this.flagged);
  }

  say(text) {
    this.exam.clock.spoken.textContent = text;
  }
}
