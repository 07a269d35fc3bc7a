// The little that pages ask of a script. Every page works without it.

// A press on a button that sends a form counts once: the second press of a double click is dropped.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented) return; // htmx sends this one
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 3000);
});

// Coming back with the back button: the page as it was must be usable again.
window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((f) => delete f.dataset.sent));

// "Save and close 3" counts the ticks as they are taken away and put back.
document.addEventListener("change", (event) => {
  const button = event.target.form?.querySelector(`button[data-counts="${CSS.escape(event.target.name)}"]`);
  if (!button) return;
  const ticked = event.target.form.querySelectorAll(`input[name="${CSS.escape(event.target.name)}"]:checked`).length;
  button.dataset.words ??= button.textContent;
  button.textContent = ticked ? button.dataset.words.replace(/\d+/, ticked) : button.dataset.none;
});

// A slider beside a number: either moves the other. Without a script there is the number alone.
document.querySelectorAll("input[type=range][data-moves]").forEach((slider) => {
  const number = document.getElementById(slider.dataset.moves);
  slider.hidden = false;
  slider.addEventListener("input", () => (number.value = slider.value));
  number.addEventListener("input", () => (slider.value = number.value));
});
