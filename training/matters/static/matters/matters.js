/* Which materials were ticked, kept on this device for today alone; a button that prints. Both pages work without. */

const today = new Date().toDateString();

function kept(key) {
  try {
    const found = JSON.parse(localStorage.getItem(key));
    return found && found.day === today ? found.have : [];
  } catch {
    return [];
  }
}

function keep(key, have) {
  try {
    if (have.length) localStorage.setItem(key, JSON.stringify({ day: today, have }));
    else localStorage.removeItem(key);
  } catch {
    /* a device that keeps nothing: the ticks stay as long as the page */
  }
}

for (const form of document.querySelectorAll("[data-checklist]")) {
  const key = `checklist:${form.dataset.checklist}`;
  const boxes = [...form.querySelectorAll("[name=have]")];
  const count = form.querySelector("[data-count]");
  const told = () => boxes.filter((box) => box.checked).map((box) => box.value);
  const tell = () => {
    count.textContent = form.dataset.of.replace("{n}", told().length).replace("{total}", boxes.length);
  };
  const have = kept(key);
  for (const box of boxes) box.checked = have.includes(box.value);
  tell();
  form.addEventListener("change", () => {
    keep(key, told());
    tell();
  });
  form.addEventListener("reset", () => {
    setTimeout(() => {
      for (const box of boxes) box.checked = false;
      keep(key, []);
      tell();
    });
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
