/* Query builder and playground: copying, JSON in colour, and the focus on what was just added. */

const prepare = () => {
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;
};

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const source = document.querySelector(button.dataset.copy);
  const live = document.getElementById("live");
  try {
    await navigator.clipboard.writeText(source.textContent);
    live.textContent = "Copied.";
    button.dataset.copied = "";
    setTimeout(() => delete button.dataset.copied, 1600);
  } catch {
    getSelection().selectAllChildren(source);
    live.textContent = "Selected; copy it with the keyboard.";
  }
});

document.addEventListener("htmx:afterSettle", (event) => {
  prepare();
  const added = event.target.querySelector?.("[autofocus]");
  const active = document.activeElement;
  if (added && (active === document.body || active?.tagName === "BUTTON")) added.focus();
});

// A fragment takes the focus from a row that was just added, so it goes there afterwards
addEventListener("load", () => {
  if (location.hash) document.querySelector("main .form-row [autofocus]")?.focus();
});

// An answer never overwrites what is being typed, nor what was typed after it was asked for.
const touched = new WeakMap();
let asked = Infinity;
document.addEventListener("input", (event) => touched.set(event.target, performance.now()));
document.addEventListener("htmx:beforeSend", ({ detail }) => {
  detail.xhr.askedAt = performance.now();
});
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  asked = detail.xhr?.askedAt ?? Infinity;
});
const isBeingTyped = (element) =>
  element.matches("input:not([type=checkbox]), textarea") &&
  (element === document.activeElement || touched.get(element) > asked);

if (globalThis.Idiomorph) {
  Idiomorph.defaults.callbacks.beforeAttributeUpdated = (name, element) =>
    !(name === "value" && isBeingTyped(element));
}

prepare();
