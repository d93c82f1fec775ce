/* The episode page: keys, the current step in the strip, colours in JSON. The page works without. */

const KEYS_OFF = "keys-off";
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const dialog = document.getElementById("keys");
const live = document.getElementById("live");
let step = null;
let criterion = null;
let latest = null;
let evidence = -1;

// Keys

const goTo = (element) => {
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: "start" });
  latest = element;
};

const mark = (old, element) => {
  old?.classList.remove("is-current");
  element.classList.add("is-current");
  return element;
};

const toStep = (element) => {
  if (!element) return;
  step = mark(step, element);
  goTo(step);
  const shown = document.querySelector(`.timeline [href="#${step.id}"]`);
  if (!shown) return;
  mark(document.querySelector(".timeline .is-current"), shown);
  shown.scrollIntoView({ block: "nearest", inline: "center" });
};

const toCriterion = (element) => {
  if (!element) return;
  criterion = mark(criterion, element);
  evidence = -1;
  goTo(criterion);
};

const move = (selector, current, by) => {
  const items = all(selector);
  const at = current ? items.indexOf(current) + by : 0;
  return items[Math.max(0, Math.min(items.length - 1, at))];
};

const nextEvidence = () => {
  const links = all(".cites > a.cite", criterion ?? undefined).filter((link) => link.hash.startsWith("#step-"));
  if (!links.length) return;
  evidence = (evidence + 1) % links.length;
  toStep(document.querySelector(links[evidence].hash));
  showMark();
};

// A quote inside a long step is what somebody came for
const showMark = () => step?.querySelector("mark")?.scrollIntoView({ block: "center" });

// What htmx swaps in takes the place of what was current
document.addEventListener("htmx:afterSettle", () => {
  const again = (element) => (element && !element.isConnected ? document.getElementById(element.id) : element);
  [step, criterion, latest] = [again(step), again(criterion), again(latest)];
  step?.classList.add("is-current");
  criterion?.classList.add("is-current");
});

const toggle = (root) => {
  const folds = all("details", root);
  const open = folds.some((fold) => !fold.open);
  for (const fold of folds) fold.open = open;
};

const tell = (words) => {
  live.textContent = words;
  live.classList.add("is-told");
  setTimeout(() => live.classList.remove("is-told"), 2500);
};

const copyLink = async () => {
  const url = new URL(location.href);
  url.hash = latest?.id ?? "";
  history.replaceState(history.state, "", url);
  try {
    await navigator.clipboard.writeText(url.href);
    tell(`Link copied: ${url.href}`);
  } catch {
    tell("The address bar has the link now: copy it there."); // no clipboard without https
  }
};

const follow = (rel) => document.querySelector(`.pages a[rel="${rel}"]`)?.click();

const KEYS = {
  j: () => toStep(move(".step", step, 1)),
  k: () => toStep(move(".step", step, -1)),
  n: () => toCriterion(move(".criterion", criterion, 1)),
  p: () => toCriterion(move(".criterion", criterion, -1)),
  e: nextEvidence,
  x: () => step && toggle(step),
  X: () => toggle(document.querySelector(".steps") ?? document),
  ".": copyLink,
  "[": () => follow("prev"),
  "]": () => follow("next"),
  "?": () => dialog.showModal(),
};

const isTyping = (target) =>
  target.closest("input, textarea, select, [contenteditable], dialog") !== null;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const act = KEYS[event.key];
  if (!act || (localStorage.getItem(KEYS_OFF) && event.key !== "?")) return;
  event.preventDefault();
  act();
});

const BUTTONS = { "[data-keys]": () => dialog.showModal(), "[data-expand]": KEYS.X };

const reveal = () => {
  for (const button of all(Object.keys(BUTTONS).join())) button.hidden = false;
};

document.addEventListener("click", (event) => {
  const found = Object.keys(BUTTONS).find((selector) => event.target.closest(selector));
  if (found) BUTTONS[found]();
});
document.addEventListener("htmx:afterSettle", reveal);
reveal();

const keysOn = document.querySelector("[data-keys-on]");
if (keysOn) {
  keysOn.checked = !localStorage.getItem(KEYS_OFF);
  keysOn.addEventListener("change", () =>
    keysOn.checked ? localStorage.removeItem(KEYS_OFF) : localStorage.setItem(KEYS_OFF, "1"),
  );
}

// Another form of a payload comes into its place. One listener for all: a long episode has thousands

document.addEventListener("click", (event) => {
  const link = event.target.closest(".steps .payload > .tools > a");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  htmx.ajax("GET", link.href, { target: link.closest(".payload"), swap: "outerHTML" });
});

// A link to a step makes it the current one

const fromHash = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (target?.matches(".step")) {
    toStep(target);
    showMark();
  }
  if (target?.matches(".criterion")) toCriterion(target);
};

addEventListener("hashchange", fromHash);
fromHash();

// JSON: colours as text ranges, for what is on the screen, so the document stays as it was sent

const TOKEN = /("(?:[^"\\]|\\.)*")(\s*:)?|-?\d[\d.eE+-]*|\b(?:true|false|null)\b/g;
const LONGEST = 100_000;

const textsOf = (pre) => {
  const walker = document.createTreeWalker(pre, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) texts.push(walker.currentNode);
  return texts;
};

const colour = (text) => {
  if (text.length > LONGEST) return;
  for (const found of text.data.matchAll(TOKEN)) {
    const range = new StaticRange({
      startContainer: text,
      startOffset: found.index,
      endContainer: text,
      endOffset: found.index + (found[1] ?? found[0]).length,
    });
    CSS.highlights.get(found[2] ? "json-key" : "json-value").add(range);
  }
};

if (globalThis.Highlight && CSS.highlights) {
  for (const name of ["json-key", "json-value"]) CSS.highlights.set(name, new Highlight());
  const seen = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      textsOf(target).forEach(colour);
    }
  });
  const watch = (root) => all("pre[data-json]", root).forEach((pre) => seen.observe(pre));
  document.addEventListener("htmx:load", (event) => watch(event.detail.elt.parentElement));
  watch(document);
}
