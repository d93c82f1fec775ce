/* What is typed into a form marked data-draft stays in this tab until it is taken: it outlives a
   lost connection and a part of the page that is swapped. The forms work without. */

const TYPED = `drafts:${location.pathname}:`;
const SENT = "drafts:sent";
const every = (selector, root = document) => [...root.querySelectorAll(selector)];

const fieldsOf = (form) =>
  every("textarea, select, input:not([type=hidden])", form).filter((field) => field.name);

const keep = (form) => {
  if (!form?.dataset.draft) return;
  const values = fieldsOf(form).map((field) =>
    field.type === "radio" || field.type === "checkbox" ? field.checked : field.value,
  );
  const hasWords = every("textarea", form).some((field) => field.value.trim());
  const key = TYPED + form.dataset.draft;
  if (hasWords) sessionStorage.setItem(key, JSON.stringify(values));
  else sessionStorage.removeItem(key);
};

const restore = (form) => {
  const kept = sessionStorage.getItem(TYPED + form.dataset.draft);
  if (!kept || form.querySelector("[aria-invalid]") || form.contains(document.activeElement)) return;
  const values = JSON.parse(kept);
  const fields = fieldsOf(form);
  if (values.length !== fields.length) return;
  for (const [place, field] of fields.entries()) {
    if (typeof values[place] === "boolean") field.checked = values[place];
    else field.value = values[place];
  }
  for (let fold = form.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
};

const restoreAll = () => every("form[data-draft]").forEach(restore);

document.addEventListener("input", (event) => keep(event.target.form));

// A form that htmx sends is forgotten when it was taken; a plain one is when the next page shows it

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.draft && !form.hasAttribute("hx-post")) {
    sessionStorage.setItem(SENT, TYPED + form.dataset.draft);
  }
});

const sent = sessionStorage.getItem(SENT);
if (sent && document.querySelector(".message.tone-success")) sessionStorage.removeItem(sent);
sessionStorage.removeItem(SENT);

let draft = "";

document.addEventListener("htmx:beforeRequest", (event) => {
  const form = event.target.closest("form");
  if (form) draft = form.dataset.draft ?? "";
});

document.addEventListener("htmx:beforeSwap", (event) => {
  if (draft && event.detail.xhr.status < 300) sessionStorage.removeItem(TYPED + draft);
  draft = "";
});

document.addEventListener("htmx:afterSettle", restoreAll);

// Beside the text of a task the frame is put anew after each save
document.body.addEventListener("draft:shown", restoreAll);

restoreAll();
