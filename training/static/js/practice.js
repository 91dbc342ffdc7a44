/* Practising: steps move in the page, digits choose an option. Everything here adds to plain forms. */

import { all, find } from "./exam/page.js";
import { Field } from "./exam/question.js";

/** What a field asks of its question: here nothing is sent before "Check", the form only notes how its steps stand. */
class Practised {
  constructor(form) {
    this.form = form;
    this.said = find("[role=status]", form.closest("[data-practice]"));
    this.fields = all("[data-field]", form).map((root) => new Field(root, this));
    form.addEventListener("click", (event) => this.click(event));
    form.addEventListener("keydown", (event) => this.digit(event));
  }

  give() {
    for (const field of this.fields.filter((one) => one.kind === "ordering")) {
      find(`[data-shown="${field.number}"]`, this.form).value = field.value.join(",");
    }
  }

  settle() {}

  say(text) {
    this.said.textContent = text;
  }

  click(event) {
    const button = event.target.closest("[data-move]");
    if (!button) return;
    event.preventDefault();
    this.fields.find((field) => field.root.contains(button)).press(button);
  }

  /** A digit chooses the option of that number, while the focus is among the options and on nothing that is typed in. */
  digit(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !/^[1-9]$/.test(event.key)) return;
    if (!event.target.matches("input[type=radio], input[type=checkbox]")) return;
    const options = find(`input[name="${event.target.name}"][value="${event.key}"]`, this.form);
    if (!options) return;
    event.preventDefault();
    options.focus();
    options.click();
  }
}

const adopt = (root) => {
  for (const form of all("[data-practice] form.question", root)) {
    if (form.dataset.adopted) continue;
    form.dataset.adopted = "1";
    new Practised(form);
  }
};

adopt(document);
document.addEventListener("htmx:afterSwap", () => adopt(document));
