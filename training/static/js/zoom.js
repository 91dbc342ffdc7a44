/* A picture in large: Enter opens it, + and - change its size, 0 fits it, arrow keys move it, Escape closes it.

   The picture itself moves into the dialog and back, so that it shows without a connection too. */

const dialog = document.getElementById("zoom");
const view = dialog?.querySelector(".zoom-view");
const size = dialog?.querySelector("[data-zoom-size]");
const SIZES = [0, 100, 150, 200, 300, 400];
let level = 0;
let place = null;

/** The picture a link belongs to: beside it, or in the label before it. */
function pictureOf(link) {
  const own = (root) => [...(root?.querySelectorAll("img") || [])].find((one) => one.getAttribute("src") === link.getAttribute("href"));
  return own(link.closest(".medium")) || own(link.closest("form, li, section, main"));
}

function show(next) {
  level = Math.min(Math.max(next, 0), SIZES.length - 1);
  view.dataset.size = SIZES[level];
  size.textContent = level ? `${SIZES[level]} %` : "";
}

function open(picture) {
  place = document.createComment("");
  picture.replaceWith(place);
  view.replaceChildren(picture);
  show(0);
  dialog.showModal();
  view.focus();
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-zoom]");
  const picture = link && dialog?.showModal && pictureOf(link);
  if (!picture || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  open(picture);
});

dialog?.addEventListener("click", (event) => {
  const button = event.target.closest("[data-zoom-by]");
  if (button) show(level + Number(button.dataset.zoomBy));
  if (event.target === dialog) dialog.close();
});

dialog?.addEventListener("keydown", (event) => {
  const step = { "+": 1, "=": 1, "-": -1, 0: -SIZES.length }[event.key];
  if (step === undefined || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  show(level + step);
});

dialog?.addEventListener("close", () => {
  if (place) place.replaceWith(view.firstElementChild);
  place = null;
});
