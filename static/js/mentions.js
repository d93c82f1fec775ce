/* References to rows while somebody writes: "@" and a few letters open a menu, and buttons beside
   the text put a reference where the caret was. Both write as typing does, so undo and autosave
   see them. */

const PAUSE = 150;
const MENTION = /(?:^|[\s([{"'“‘>,;/])@([\p{L}\p{N}_][\p{L}\p{N}_:.-]{0,80})$/u;
const WRITES = "textarea, input:not([type]), input[type=text]";
const TAKES_MENTIONS = "textarea[data-mentions], textarea[name=prompt]";
const live = document.getElementById("live");
const endpoint = document.querySelector("[data-find-rows]")?.dataset.findRows;

// The field that was written in last, for the buttons beside the text; one that takes the id of a
// row gets the id alone

let written = null;
document.addEventListener("focusin", (event) => {
  if (event.target.matches(WRITES) && event.target.closest(".centre")) written = event.target;
});

const write = (field, text, start, end) => {
  field.focus();
  field.setSelectionRange(start, end);
  // the one way of writing that undo knows of; where there is none, an event tells of it
  if (document.execCommand("insertText", false, text)) return;
  field.setRangeText(text, start, end, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText" }));
};

const apart = (field, text) => {
  const before = field.value.slice(0, field.selectionStart);
  const after = field.value.slice(field.selectionEnd);
  const isLone = field.matches("input") || before === "" || /\s$|[([{"'“]$/u.test(before);
  return `${isLone ? "" : " "}${text}${/^[\p{L}\p{N}@]/u.test(after) ? " " : ""}`;
};

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-insert]");
  if (!button) return;
  const field = written?.isConnected ? written : document.querySelector(`.centre :is(${WRITES})`);
  if (!field) {
    live.textContent = "There is no text here to put it in: copy the reference.";
    return;
  }
  const text = button.dataset.insert;
  if (field.matches("input[list]")) write(field, text.slice(text.indexOf(":") + 1), 0, field.value.length);
  else write(field, apart(field, text), field.selectionStart, field.selectionEnd);
  live.textContent = `Inserted ${text}`;
});

// The menu

const menu = document.createElement("ul");
menu.id = "mention-menu";
menu.className = "mention-menu";
menu.setAttribute("role", "listbox");
menu.setAttribute("aria-label", "Rows of the world");
menu.hidden = true;
let open = null; // {field, start, chosen} while the menu is shown
let timer = 0;
let asked = 0;

const mentionIn = (field) => {
  if (field.selectionStart !== field.selectionEnd) return null;
  const before = field.value.slice(0, field.selectionStart);
  const found = MENTION.exec(before);
  return found && { text: found[1], start: before.length - found[1].length - 1 };
};

const close = () => {
  clearTimeout(timer);
  asked += 1;
  if (!open) return;
  for (const name of ["aria-controls", "aria-activedescendant"]) open.field.removeAttribute(name);
  open = null;
  menu.hidden = true;
};

const choose = (place) => {
  const options = [...menu.children];
  open.chosen = (place + options.length) % options.length;
  for (const [number, option] of options.entries()) {
    option.setAttribute("aria-selected", String(number === open.chosen));
  }
  open.field.setAttribute("aria-activedescendant", options[open.chosen].id);
  options[open.chosen].scrollIntoView({ block: "nearest" });
};

const take = (option) => {
  const { field, start } = open;
  const end = field.selectionStart;
  const next = field.value.slice(end, end + 1);
  close();
  write(field, `${option.dataset.reference}${/^[\s.,;:!?)\]}]/.test(next) ? "" : " "}`, start, end);
};

const piece = (tag, text, className = "") => {
  const element = document.createElement(tag);
  element.textContent = text;
  element.className = className;
  return element;
};

const optionOf = (row, number) => {
  const option = document.createElement("li");
  option.id = `mention-${number}`;
  option.setAttribute("role", "option");
  option.dataset.reference = row.reference;
  option.append(piece("strong", row.title), " ", piece("span", row.kind, "muted"));
  if (row.key !== row.title) option.append(" ", piece("code", row.key, "faint"));
  if (row.gist) option.append(piece("small", row.gist, "muted"));
  return option;
};

const show = (field, start, rows) => {
  if (rows.length === 0) return close();
  menu.replaceChildren(...rows.map(optionOf));
  menu.hidden = false;
  open = { field, start, chosen: 0 };
  field.setAttribute("aria-controls", menu.id);
  place(field, start);
  choose(0);
  live.textContent = `${rows.length} rows; choose with the arrow keys and Enter.`;
};

// Where the caret is: the text before it is laid out once more, in a box that nobody sees

const COPIED = ["font", "letterSpacing", "lineHeight", "padding", "borderWidth", "boxSizing", "tabSize"];

const caretOf = (field, position) => {
  const mirror = document.createElement("div");
  const style = getComputedStyle(field);
  for (const name of COPIED) mirror.style[name] = style[name];
  mirror.className = "mention-mirror";
  mirror.style.width = `${field.offsetWidth}px`;
  const mark = document.createElement("span");
  mark.textContent = "@";
  mirror.append(field.value.slice(0, position), mark);
  document.body.append(mirror);
  const found = { left: mark.offsetLeft, top: mark.offsetTop + mark.offsetHeight };
  mirror.remove();
  return found;
};

const place = (field, start) => {
  const box = field.getBoundingClientRect();
  const within = (menu.offsetParent ?? document.body).getBoundingClientRect();
  const caret = caretOf(field, start);
  const top = Math.min(box.top + caret.top - field.scrollTop, box.bottom) + 4;
  const most = document.documentElement.clientWidth - menu.offsetWidth - 12;
  menu.style.left = `${Math.max(8, Math.min(box.left + caret.left, most)) - within.left}px`;
  menu.style.top = `${top - within.top}px`;
};

// What opens it, and what keys do while it is open

const ask = async (field, { text, start }) => {
  asked += 1;
  const mine = asked;
  const answer = await fetch(`${endpoint}?${new URLSearchParams({ q: text })}`).catch(() => null);
  if (mine !== asked || !answer?.ok || document.activeElement !== field) return;
  const { rows } = await answer.json();
  if (mine === asked) show(field, start, rows);
};

const look = (event) => {
  const field = event.target;
  if (!field.matches(TAKES_MENTIONS)) return;
  clearTimeout(timer);
  const mention = mentionIn(field);
  if (!mention) return close();
  timer = setTimeout(() => ask(field, mention), PAUSE);
};

const KEYS = {
  ArrowDown: () => choose(open.chosen + 1),
  ArrowUp: () => choose(open.chosen - 1),
  Enter: () => take(menu.children[open.chosen]),
  Tab: () => take(menu.children[open.chosen]),
  Escape: close,
};

const press = (event) => {
  const act = open && event.target === open.field && !event.isComposing && KEYS[event.key];
  if (!act || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  event.preventDefault();
  event.stopPropagation();
  act();
};

// The caret left what the menu is about

const follow = () => {
  if (!open || document.activeElement !== open.field) return;
  if (mentionIn(open.field)?.start !== open.start) close();
};

const prepare = () => {
  for (const field of document.querySelectorAll(TAKES_MENTIONS)) {
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-haspopup", "listbox");
  }
};

if (endpoint) {
  document.querySelector("main").append(menu);
  document.addEventListener("input", look);
  document.addEventListener("keydown", press, { capture: true });
  document.addEventListener("selectionchange", follow);
  document.addEventListener("focusout", (event) => open?.field === event.target && close());
  globalThis.addEventListener("resize", close);
  menu.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest("[role=option]");
    if (option) take(option);
  });
  document.addEventListener("htmx:afterSettle", prepare);
  document.body.addEventListener("draft:saved", prepare);
  prepare();
}
document.documentElement.dataset.inserts = "";
