/* The form of an item: rows come and go without a new page. Every button works without this too. */

const form = document.querySelector("[data-item-form]");

/** Send the form with a button's value and take over the parts of the answer that rows stand in. */
async function act(name, value, focus) {
  const data = new FormData(form);
  data.set(name, value);
  // Not form.action: that is the buttons of this name.
  const answer = await fetch(location.href, { method: "POST", body: data, credentials: "same-origin" });
  if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of form.querySelectorAll("[data-swap]")) {
    const fresh = page.getElementById(part.id);
    if (fresh) part.replaceChildren(...document.importNode(fresh, true).childNodes);
  }
  const row = page.querySelector("[data-focus]");
  const target = focus || (row && row.dataset.focus);
  const place = target && document.getElementById(target);
  const box = place && (place.matches("input, select, textarea") ? place : place.querySelector("input:not([type=hidden]), textarea, select"));
  if (box) box.focus();
  tidy();
}

/** With the script a changed kind shows its boxes at once, so that the button for it is not needed. */
function tidy() {
  for (const button of form.querySelectorAll("[data-plain]")) button.hidden = true;
}

/** Press the button as the browser would, should the connection be gone or the session over. */
function plainly(value) {
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name: "action", value });
  form.append(field);
  form.submit();
}

form.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-rows]");
  if (!button) return;
  event.preventDefault();
  const finds = button.value === "find";
  act("action", button.value, finds ? "found" : "").catch(() => plainly(button.value));
});

form.addEventListener("change", (event) => {
  const select = event.target.closest("[data-refreshes]");
  if (select) act("action", "refresh", "").catch(() => plainly("refresh"));
});

form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !event.target.matches("[data-finds]")) return;
  event.preventDefault();
  act("action", "find", "found").catch(() => plainly("find"));
});

tidy();
const start = document.querySelector("[data-focus]");
const row = start && document.getElementById(start.dataset.focus);
const first = row && row.querySelector("input:not([type=hidden]), textarea, select");
if (first) first.focus();
