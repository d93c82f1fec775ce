/* The list of tasks and the form for a new one. All of it is a comfort: both work without. */

const bulk = document.querySelector("[data-bulk]");

if (bulk?.querySelector("[data-action]")) {
  const ticks = [...bulk.querySelectorAll('input[name="task"]')];
  const all = bulk.querySelector("[data-tick-all]");
  const page = bulk.querySelector("[data-tick-page]");
  const action = bulk.querySelector("[data-action]");
  const said = bulk.querySelector("[data-ticked]");
  let last = null;

  const show = () => {
    const count = ticks.filter((tick) => tick.checked).length;
    page.checked = count === ticks.length;
    page.indeterminate = count > 0 && count < ticks.length;
    said.textContent = all.checked || !count ? "" : `${count} ticked`;
    for (const part of bulk.querySelectorAll("[data-for]")) {
      part.hidden = !part.dataset.for.split(" ").includes(action.value);
    }
  };

  page.closest("label").hidden = false;
  page.addEventListener("change", () => {
    for (const tick of ticks) tick.checked = page.checked;
    all.checked = false;
    show();
  });
  all.addEventListener("change", () => {
    if (all.checked) for (const tick of ticks) tick.checked = true;
    show();
  });
  action.addEventListener("change", show);
  // Shift and a click tick everything between this row and the last one
  for (const tick of ticks) {
    tick.addEventListener("click", (event) => {
      if (event.shiftKey && last !== null) {
        const [from, to] = [ticks.indexOf(last), ticks.indexOf(tick)].sort((a, b) => a - b);
        for (const each of ticks.slice(from, to + 1)) each.checked = tick.checked;
      }
      last = tick;
      if (!tick.checked) all.checked = false;
      show();
    });
  }
  bulk.addEventListener("submit", () => {
    if (all.checked) for (const tick of ticks) tick.disabled = true;
  });
  addEventListener("pageshow", () => {
    for (const tick of ticks) tick.disabled = false;
    show();
  });
  show();
}

const form = document.querySelector("[data-new-task]");

if (form) {
  const title = form.querySelector("[data-title]");
  const slug = form.querySelector("[data-slug]");
  const category = form.querySelector('[name="category"]');
  let isOwn = slug.value !== "";

  const proposed = (text) =>
    (text.normalize("NFKD").replace(/[^\x00-\x7f]/g, "").toLowerCase().match(/[a-z0-9]+/g) ?? [])
      .join("-")
      .slice(0, 60)
      .replace(/-+$/, "");

  title.addEventListener("input", () => {
    if (!isOwn) slug.value = proposed(title.value);
  });
  slug.addEventListener("input", () => {
    isOwn = slug.value !== "";
  });
  for (const template of form.querySelectorAll('[name="template"][data-category]')) {
    template.addEventListener("change", () => {
      category.value = template.dataset.category;
    });
  }
  category.addEventListener("change", () => {
    const chosen = form.querySelector('[name="template"]:checked');
    if (chosen?.dataset.category && chosen.dataset.category !== category.value) {
      form.querySelector('[name="template"][value=""]').checked = true;
    }
  });
}
