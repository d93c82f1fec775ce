/* What people say about criteria: keys, and the focus after an answer. What is typed is kept by
   typed.js. The forms work without. */

const KEYS_OFF = "keys-off";
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const live = document.getElementById("live");

// Keys: they act on the current criterion, else on the first that needs somebody

const current = () =>
  document.querySelector(".criterion.is-current") ??
  document.activeElement?.closest(".criterion") ??
  document.querySelector(".needs a")?.hash.slice(1) ??
  document.querySelector(".criterion");

const criterionNow = () => {
  const found = current();
  return typeof found === "string" ? document.getElementById(decodeURIComponent(found)) : found;
};

const open = (selector) => {
  const criterion = criterionNow();
  const fold = criterion?.querySelector(selector);
  if (!fold) return null;
  for (const other of all("details.act[open]", criterion)) if (other !== fold) other.open = false;
  fold.open = true;
  return fold;
};

const override = () => open("[data-override]")?.querySelector("input:checked, input[type=radio]")?.focus();

const flag = () => open("[data-flag]")?.querySelector("textarea")?.focus();

const answer = (number) => {
  const fold = open("[data-override]");
  const choice = fold?.querySelector(`[data-answer="${number}"]`);
  if (!choice) return;
  choice.checked = true;
  choice.dispatchEvent(new Event("input", { bubbles: true }));
  fold.querySelector("textarea").focus();
};

const agree = () => {
  const button = criterionNow()?.querySelector("[data-agree]");
  if (button) button.click();
  else live.textContent = "There is nothing to agree with here.";
};

const KEYS = {
  a: agree,
  o: override,
  f: flag,
  1: () => answer(1),
  2: () => answer(2),
  3: () => answer(3),
};

const isTyping = (target) =>
  target.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable], dialog") !== null;

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.target.closest("form.act-form")?.requestSubmit();
    return;
  }
  if (event.key === "Escape") {
    const fold = event.target.closest("details.act[open]");
    if (!fold) return;
    fold.open = false;
    fold.querySelector("summary").focus();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const act = KEYS[event.key];
  if (!act || localStorage.getItem(KEYS_OFF)) return;
  event.preventDefault();
  act();
});

const showHints = () => {
  for (const hint of all("[data-keys-hint]")) hint.hidden = false;
};

// Answers of htmx

let acted = null;

document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.target.closest("form");
  if (form) acted = { criterion: form.closest(".criterion")?.id };
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  if ([403, 409, 422].includes(xhr.status)) event.detail.shouldSwap = true;
});

document.addEventListener("htmx:afterSettle", (event) => {
  if (event.target.id !== "criteria" && !event.target.closest?.("#criteria")) return;
  showHints();
  if (!acted) return;
  const problems = document.getElementById("problems");
  const criterion = acted.criterion && document.getElementById(acted.criterion);
  acted = null;
  if (problems) problems.focus();
  else criterion?.focus({ preventScroll: true });
});

for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, () => {
    live.textContent = "Not recorded: no connection. What you typed is kept; try again.";
    document.querySelector(".criterion:focus-within")?.classList.add("is-unsent");
  });
}

showHints();
