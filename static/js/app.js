/* On every page: the theme switch without a reload, polling that rests with the page, forms that
   keep what was typed while an answer was under way, focus on what is wrong with a form, and going
   back faster than the server answers. */

if (!document.querySelector("[autofocus]")) {
  document.querySelector("#problems[tabindex]")?.focus();
}

const choose = (theme) => {
  document.documentElement.dataset.theme = theme;
  for (const button of document.querySelectorAll("[data-theme-form] button")) {
    button.setAttribute("aria-pressed", String(button.value === theme));
  }
};

document.addEventListener("submit", (event) => {
  const form = event.target;
  const theme = event.submitter?.value;
  if (!form.matches("[data-theme-form]") || !theme) return;
  event.preventDefault();
  choose(theme);
  const body = new FormData(form, event.submitter);
  fetch(form.action, { method: "POST", body, redirect: "manual" });
});

const RARELY = 30_000; // ms between refreshes of a page that nobody looks at
let refreshedAt = 0;

document.addEventListener("htmx:beforeRequest", (event) => {
  if (!event.detail.elt.matches("[data-poll]")) return;
  if (document.hidden && Date.now() - refreshedAt < RARELY) event.preventDefault();
  else refreshedAt = Date.now();
});

const sent = new WeakMap();

const typedIn = (form) =>
  new Map(
    [...form.elements]
      .filter((field) => field.id && !["submit", "button", "hidden", "checkbox"].includes(field.type))
      .map((field) => [field.id, field.value]),
  );

const keep = (id, value) => {
  const field = document.getElementById(id);
  if (!field || (field.options && ![...field.options].some((each) => each.value === value))) return;
  field.value = value;
};

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt.matches("form[data-asks]")) sent.set(event.detail.elt, typedIn(event.detail.elt));
});

/* An answer knows only what was sent: what was typed since is put back, and its own request follows. */
document.addEventListener("htmx:beforeSwap", (event) => {
  const form = event.detail.requestConfig?.elt;
  const before = form && sent.get(form);
  if (!before) return;
  const since = [...typedIn(form)].filter(([id, value]) => before.has(id) && before.get(id) !== value);
  const putBack = () => since.forEach(([id, value]) => keep(id, value));
  document.addEventListener("htmx:afterSwap", putBack, { once: true });
});

/* Who goes back twice wants the page of the second time, whichever answer comes last. */
let restoring = null;

document.addEventListener("htmx:historyCacheMiss", (event) => {
  restoring?.abort();
  restoring = event.detail.xhr;
});
