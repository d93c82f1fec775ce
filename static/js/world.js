/* Pages of worlds: copying a reference, keys, and pickers that close by themselves. All of it is
   a comfort: the pages work without. */

const KEYS_OFF = "keys-off";
const live = document.getElementById("live");

for (const button of document.querySelectorAll('[data-copy]:not([data-copy^="#"])')) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = document.getElementById(button.dataset.copy).textContent;
    await navigator.clipboard.writeText(text);
    live.textContent = `Copied: ${text}`;
    button.classList.add("is-done");
    setTimeout(() => button.classList.remove("is-done"), 1600);
  });
}

// Keys: / to the search, [ and ] along the list; off while somebody types, and when switched off

const follow = (rel) => document.querySelector(`.pages a[rel="${rel}"]`)?.click();

const KEYS = {
  "/": () => document.querySelector("[data-find]")?.focus(),
  "[": () => follow("prev"),
  "]": () => follow("next"),
};

const isTyping = (target) =>
  target.closest("input, textarea, select, [contenteditable], dialog") !== null;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const act = KEYS[event.key];
  if (!act || localStorage.getItem(KEYS_OFF)) return;
  event.preventDefault();
  act();
});

// Pickers: one at a time; Escape and a click elsewhere close them

const pickers = [...document.querySelectorAll("details.pick")];

const closeAll = (but) => {
  for (const picker of pickers) if (picker !== but) picker.open = false;
};

for (const picker of pickers) {
  picker.addEventListener("toggle", () => picker.open && closeAll(picker));
  picker.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !picker.open) return;
    picker.open = false;
    picker.querySelector("summary").focus();
  });
}

document.addEventListener("click", (event) => closeAll(event.target.closest("details.pick")));

// Empty fields stay out of the address

document.addEventListener("submit", (event) => {
  if (!event.target.matches(".rows-filter")) return;
  for (const field of event.target.querySelectorAll("input:not([type=checkbox]), select")) {
    field.disabled = !field.value;
  }
});
