// Says on the page that the device gave no passkey: refused, timed out, or none that fits.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const says = document.getElementById("passkey-refused");
  if (says) says.hidden = false;
});

// Pressed before the scripts that answer are in place, the button would do nothing.
window.addEventListener("load", () => document.getElementById("passkey")?.removeAttribute("disabled"));
