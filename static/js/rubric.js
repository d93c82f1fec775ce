/* The tab Rubric: criteria are moved by drag, by button and by Alt+arrow; rows of a check are added
   and taken away without a new page; what is typed is saved before another criterion is opened. */

const live = document.getElementById("live");
const say = (text) => {
  live.textContent = text;
};

const cardsOf = (list) => [...list.querySelectorAll(":scope > [data-key]")];

// Moving

const renumber = (list) => {
  const cards = cardsOf(list);
  for (const [index, card] of cards.entries()) {
    card.querySelector("[data-number]").textContent = index + 1;
    card.setAttribute("aria-label", `Criterion ${index + 1}`);
    const [up, down] = card.querySelectorAll("[data-move] button");
    up.toggleAttribute("aria-disabled", index === 0);
    down.toggleAttribute("aria-disabled", index === cards.length - 1);
    if (index === 0) up.setAttribute("aria-disabled", "true");
    if (index === cards.length - 1) down.setAttribute("aria-disabled", "true");
  }
};

const store = async (card, before) => {
  const list = card.parentElement;
  const form = card.querySelector("[data-move]");
  const place = cardsOf(list).indexOf(card) + 1;
  const body = new FormData(form);
  body.set("to", place);
  renumber(list);
  say(`Criterion moved to place ${place} of ${cardsOf(list).length}.`);
  try {
    const answer = await fetch(form.action, { method: "POST", body, redirect: "manual" });
    if (answer.type !== "opaqueredirect") throw new Error("refused");
    document.body.dispatchEvent(new CustomEvent("draft:moved"));
  } catch {
    list.insertBefore(card, before);
    renumber(list);
    say("Not moved: the order could not be saved. Try it again.");
  }
};

const shift = (card, by) => {
  const list = card.parentElement;
  const cards = cardsOf(list);
  const to = cards.indexOf(card) + by;
  if (to < 0 || to >= cards.length) {
    say(by < 0 ? "It is the first already." : "It is the last already.");
    return;
  }
  const before = card.nextElementSibling;
  const focused = document.activeElement;
  list.insertBefore(card, by < 0 ? cards[to] : cards[to].nextElementSibling);
  focused.focus({ preventScroll: true });
  card.scrollIntoView({ block: "nearest" });
  store(card, before);
};

document.addEventListener("keydown", (event) => {
  const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const card = event.target.closest?.("[data-sortable] > [data-key]");
  if (!card || !by || !event.altKey || event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  shift(card, by);
});

document.addEventListener(
  "submit",
  (event) => {
    if (!event.target.matches("[data-move]")) return;
    event.preventDefault();
    const card = event.target.closest("[data-key]");
    shift(card, event.submitter?.value === "up" ? -1 : 1);
  },
  true,
);

const sortable = () => {
  for (const list of document.querySelectorAll("[data-sortable]:not([data-sorted])")) {
    list.dataset.sorted = "";
    let before = null;
    globalThis.Sortable?.create(list, {
      handle: ".crit-handle",
      draggable: "[data-key]",
      animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 140,
      ghostClass: "is-ghost",
      onStart: ({ item }) => {
        before = item.nextElementSibling;
      },
      onEnd: ({ item, oldIndex, newIndex }) => {
        if (oldIndex !== newIndex) store(item, before);
      },
    });
  }
};

// A form is made anew by the server when rows come or go, or when the kind of row or tool changes.
// What stands in the inputs travels there and back, so nothing typed is lost.
// One at a time: an answer that is older than what was typed since is asked for again.

const TRIES = 5;
const typedIn = (form) =>
  JSON.stringify([...new FormData(form)].filter(([name]) => !name.startsWith("base")));

const reformed = async (form, name, value) => {
  const body = new FormData(form);
  body.set(name, value);
  const answer = await fetch(form.dataset.criterion, { method: "POST", body });
  if (!answer.ok) return null;
  const made = new DOMParser().parseFromString(await answer.text(), "text/html");
  return made.querySelector(".crit-fields");
};

const reform = async (form, name, value) => {
  for (let tries = 1; tries <= TRIES; tries += 1) {
    const before = typedIn(form);
    const there = await reformed(form, name, value);
    const here = form.querySelector(".crit-fields");
    if (!here || !there || !form.isConnected) return;
    if (typedIn(form) !== before && tries < TRIES) continue;
    Idiomorph.morph(here, there.innerHTML, { morphStyle: "innerHTML", ignoreActiveValue: true });
    there.querySelector("[autofocus]") && here.querySelector("[autofocus]")?.focus();
    return;
  }
};

let turn = Promise.resolve();
const inTurn = (...asked) => {
  turn = turn.then(() => reform(...asked)).catch(() => say("Not changed: try it again."));
  return turn;
};

document.addEventListener(
  "submit",
  (event) => {
    const name = event.submitter?.name;
    if (!event.target.matches("[data-criterion]") || !["add", "remove", "pick"].includes(name)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const form = event.target;
    inTurn(form, name, event.submitter.value).then(() => {
      form.elements.kind.dispatchEvent(new Event("input", { bubbles: true }));
    });
  },
  true,
);

// Enter saves, and the caret stays where it is

document.addEventListener(
  "submit",
  (event) => {
    if (!event.target.matches("[data-criterion]") || !event.submitter?.matches(".sr")) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    event.target.elements.kind.dispatchEvent(new Event("change", { bubbles: true }));
  },
  true,
);

document.addEventListener("change", (event) => {
  const form = event.target.closest("form[data-criterion]");
  if (form && /\.(entity_type|tool)$/.test(event.target.name)) inTurn(form, "add", "");
});

// What is saved moves on: the form of the JSON says the same then

document.body.addEventListener("draft:saved", (event) => {
  for (const [path, base] of Object.entries(event.detail?.bases ?? {})) {
    const form = document.getElementById(`json-${path.replace("rubric/", "")}`);
    if (form) form.elements.base.value = base;
  }
});

document.addEventListener("htmx:afterSettle", (event) => {
  sortable();
  const source = event.target.querySelector?.("[data-check]");
  const shown = document.getElementById("id_json");
  if (!source || !shown || shown.value !== shown.defaultValue) return;
  shown.value = shown.defaultValue = source.textContent;
});

// Nothing is swapped while somebody types in it, nor before what they typed is saved

document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt } = event.detail;
  if (elt.matches(".crit-preview") && elt.contains(document.activeElement)) event.preventDefault();
});

document.addEventListener("htmx:oobBeforeSwap", (event) => {
  if (event.detail.target?.contains(document.activeElement)) event.preventDefault();
});

const isSaving = () => document.querySelector("[data-save-state]")?.dataset.saveState === "saving";

document.addEventListener("htmx:confirm", (event) => {
  if (!event.detail.elt.closest("#criteria") || event.detail.elt.matches(".crit-preview")) return;
  if (!isSaving()) return;
  event.preventDefault();
  const late = Date.now() + 4000;
  const go = () => {
    if (isSaving() && Date.now() < late) setTimeout(go, 40);
    else event.detail.issueRequest(true);
  };
  go();
});

sortable();
