/* The quick log: what is preset is told anew when it changes, and a level takes "not observed" back. */

const form = document.querySelector("[data-session-log]");

/** Put the chosen words of a select, or the time, where the line above the field says it. */
function say(field) {
  const place = form.querySelector(`[data-said="${field.name}"]`);
  if (!place) return;
  place.textContent = field.selectedOptions ? field.selectedOptions[0].text : field.value.replace("T", " ");
}

form.addEventListener("change", (event) => {
  const field = event.target;
  if (field.name === "level") form.elements.not_observed.checked = false;
  if (field.name === "not_observed" && field.checked) {
    for (const level of form.querySelectorAll('[name="level"]')) level.checked = false;
  }
  if (field.name === "matter") {
    const last = form.querySelector("[data-last-matter]");
    if (last) last.hidden = last.dataset.lastMatter !== field.value;
  }
  say(field);
});
