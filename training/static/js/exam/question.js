/* One question in the page: a form with one thing to answer, or with parts. */

import { Field } from "./field.js";
import { all, find, same, say } from "./page.js";

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
    if ("check" in button.dataset) return () => this.exam.leave("check/");
    const field = this.fields.find((one) => one.root.contains(button));
    if (field) return () => field.press(button);
    return () => this.exam.outbox.flush();
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
