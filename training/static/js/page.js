/* What every page gains from JavaScript. Each part adds to something that already works without. */

/** Native dialogs: data-opens="<id>" on a link or button opens one, data-closes inside closes it. */
function dialogs() {
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-opens]");
    const dialog = opener && document.getElementById(opener.dataset.opens);
    if (dialog && dialog.showModal) {
      event.preventDefault();
      dialog.showModal();
    }
    const closer = event.target.closest("[data-closes]");
    if (closer) {
      event.preventDefault();
      closer.closest("dialog").close();
      if (location.hash) history.replaceState(null, "", location.pathname + location.search);
    }
  });
}

/** Drop-down panels of the top bar: one open at a time; Escape and a click elsewhere close them. */
function drops() {
  const close = (except) => {
    for (const drop of document.querySelectorAll("details.drop[open]")) {
      if (!except || !drop.contains(except)) drop.open = false;
    }
  };
  document.addEventListener("click", (event) => close(event.target));
  document.addEventListener("focusin", (event) => close(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const open = event.target.closest("details.drop[open]");
    close();
    if (open) open.querySelector("summary").focus();
  });
}

/** Undo: count down what the server still allows, then take the button away. The server decides either way. */
function undo() {
  for (const form of document.querySelectorAll("[data-undo-seconds]")) {
    const words = form.querySelector("[data-countdown]");
    const end = Date.now() + Number(form.dataset.undoSeconds) * 1000;
    const tick = () => {
      const left = Math.ceil((end - Date.now()) / 1000);
      if (left <= 0) {
        form.remove();
        return;
      }
      words.textContent = `${left} s`;
      setTimeout(tick, 250);
    };
    tick();
  }
}

/** A live region speaks of changes only: put what the server wrote into it again once the page is read. */
function announce() {
  for (const region of document.querySelectorAll(".messages")) {
    const said = [...region.children];
    if (said.length) setTimeout(() => region.replaceChildren(...said), 150);
  }
}

/** The focus goes to what is wrong with the form, once. */
function errors() {
  const summary = document.querySelector(".errors[autofocus]");
  if (summary) summary.focus();
}

/** What is drawn anew by itself waits while somebody has opened something in it, so that nothing typed is lost. */
function keepsOpen() {
  document.addEventListener("htmx:beforeRequest", (event) => {
    const place = event.target;
    if ("keepsOpen" in place.dataset && place.querySelector("details[open]")) event.preventDefault();
  });
}

dialogs();
keepsOpen();
drops();
undo();
announce();
errors();
