/* The clock of a scenario card: it runs on this screen alone and says what happens by the minute. */

const bar = document.querySelector("[data-card-timer]");

function run() {
  const started = Date.now();
  const limit = Number(bar.dataset.cardTimer) * 60;
  const events = [...document.querySelectorAll("[data-minute]")];
  const tick = () => {
    const seconds = Math.floor((Date.now() - started) / 1000);
    bar.querySelector("[data-elapsed]").textContent = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
    bar.classList.toggle("over", seconds >= limit);
    for (const event of events) {
      if (seconds < Number(event.dataset.minute) * 60 || event.classList.contains("now")) continue;
      event.classList.add("now");
      bar.querySelector("[data-say]").textContent = event.querySelector("[data-what]").textContent;
    }
    setTimeout(tick, 500);
  };
  bar.querySelector("[data-start]").disabled = true;
  tick();
}

if (bar) {
  bar.hidden = false;
  bar.querySelector("[data-start]").addEventListener("click", run, { once: true });
}
