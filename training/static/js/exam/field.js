/* What is answered at once: options, steps in order, a choice from a list, something typed. */

import { all, find, say } from "./page.js";

const TYPING = 700;

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
