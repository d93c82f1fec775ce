/* Saves forms marked data-autosave while people type: a second after the last key, and on leaving a
   field. What is not saved yet is kept in the browser until it is. The forms work without. */

const PAUSE = 1000;
const RETRY = [2000, 4000, 8000, 15000, 30000];
const KEPT = "typed:";
const live = document.getElementById("live");
const forms = new Map();

const stateOf = () => document.querySelector("[data-save-state]");

const say = (text, state = "") => {
  const shown = stateOf();
  if (!shown || shown.textContent === text) return;
  shown.textContent = text;
  shown.dataset.saveState = state;
};

const isUnsaved = () => [...forms.values()].some((known) => known.isDirty || known.isSending);

// What was typed, by name; bases are apart, because they change with every save

const typedIn = (form) => [...new FormData(form)].filter(([name]) => !isFrame(name));
const isFrame = (name) => name === "csrfmiddlewaretoken" || name === "form" || name.startsWith("base");
const basesOf = (form) =>
  Object.fromEntries([...new FormData(form)].filter(([name]) => name.startsWith("base")));
const keyOf = (form) => KEPT + form.action + (form.elements.form?.value ?? "");

const keep = (form) => {
  const kept = { typed: typedIn(form), bases: basesOf(form), at: Date.now() };
  try {
    localStorage.setItem(keyOf(form), JSON.stringify(kept));
  } catch {
    // full or forbidden: the page itself still holds it
  }
};

const forget = (form) => localStorage.removeItem(keyOf(form));

// Sending

const send = async (form) => {
  const known = forms.get(form);
  clearTimeout(known.timer);
  if (known.isSending || !known.isDirty) return;
  known.isSending = true;
  known.isDirty = false;
  say("Saving …", "saving");
  try {
    const answer = await fetch(form.action, {
      method: "POST",
      body: new FormData(form),
      headers: { "X-Autosave": "1" },
      redirect: "manual",
    });
    known.isSending = false;
    await take(form, known, answer);
  } catch {
    known.isSending = false;
    again(form, known, "Not saved – retrying");
  }
  goOn(form, known);
};

// a button that was pressed meanwhile: only now the form knows what it follows on
const goOn = (form, known) => {
  if (!known.pressed) return;
  const { submitter } = known.pressed;
  known.pressed = null;
  if (form.isConnected) form.requestSubmit(submitter);
};

const take = async (form, known, answer) => {
  if (answer.type === "opaqueredirect") {
    return again(form, known, "Not saved – sign in again in another tab");
  }
  if (answer.status === 409) return clash(form, known, await answer.json());
  if (answer.status !== 200 && answer.status !== 422) {
    return again(form, known, answer.status < 500 ? "Not saved – reload the page" : "Not saved – retrying");
  }
  const told = await answer.json();
  known.tries = 0;
  rebase(form, told.bases);
  complain(form, told);
  if (known.isDirty) {
    keep(form);
    wait(form, known);
  } else if (told.state === "saved") {
    forget(form);
  }
  const others = isUnsaved();
  if (told.state === "invalid") say("Not saved – see what is marked", "failed");
  else if (!others) say(`Saved ${told.saved_at}`, "saved");
  document.body.dispatchEvent(new CustomEvent("draft:saved", { detail: told }));
};

const rebase = (form, bases) => {
  for (const [path, base] of Object.entries(bases)) {
    const field = form.elements[`base.${path}`] ?? form.elements.base;
    if (field) field.value = base;
  }
};

const complain = (form, { problems, state }) => {
  // all that is wrong is said anew, what the page itself came with too
  for (const line of form.querySelectorAll(".error")) line.remove();
  for (const field of form.querySelectorAll("[aria-invalid]")) field.removeAttribute("aria-invalid");
  if (Object.keys(problems).length === 0) document.getElementById("problems")?.remove();
  for (const [name, text] of Object.entries(problems)) {
    const field = form.elements[name];
    const place = (field instanceof Element ? field : form).closest(".field, form");
    const line = document.createElement("p");
    line.className = "error";
    line.dataset.said = "";
    line.textContent = text;
    place.append(line);
    if (field instanceof Element) field.setAttribute("aria-invalid", "true");
    live.textContent = state === "saved" ? `Saved, but not right: ${text}` : `Not saved: ${text}`;
  }
};

const again = (form, known, text) => {
  known.isDirty = true;
  keep(form);
  say(text, "failed");
  const pause = RETRY[Math.min(known.tries, RETRY.length - 1)];
  known.tries += 1;
  clearTimeout(known.timer);
  known.timer = setTimeout(() => send(form), pause);
};

// Somebody else was quicker: nothing is sent again by itself, the form itself leads to both sides

const clash = (form, known, told) => {
  known.isDirty = true;
  known.isHeld = true;
  keep(form);
  say("Not saved – somebody else changed it", "failed");
  if (form.querySelector("[data-clash]")) return;
  const note = document.createElement("div");
  note.className = "notice tone-warn";
  note.dataset.clash = "";
  note.setAttribute("role", "alert");
  const text = document.createElement("p");
  text.textContent = `${told.message[0].toUpperCase()}${told.message.slice(1)}.`;
  const button = document.createElement("button");
  button.className = "button";
  button.textContent = "Compare both";
  note.append(text, button);
  form.prepend(note);
};

const wait = (form, known) => {
  clearTimeout(known.timer);
  if (!known.isHeld) known.timer = setTimeout(() => send(form), PAUSE);
};

const touch = (event) => {
  const known = forms.get(event.target.form);
  if (!known || !event.target.name) return;
  known.isDirty = true;
  keep(event.target.form);
  if (event.type === "change") send(event.target.form);
  else wait(event.target.form, known);
};

document.addEventListener("input", touch);
document.addEventListener("change", touch);
document.addEventListener("focusout", (event) => {
  const known = forms.get(event.target.form);
  if (known?.isDirty && !known.isHeld) send(event.target.form);
});
document.addEventListener("submit", (event) => {
  const known = forms.get(event.target);
  if (!known) return;
  clearTimeout(known.timer);
  if (known.isSending) {
    event.preventDefault();
    known.pressed = { submitter: event.submitter };
    return;
  }
  known.isDirty = false;
});
globalThis.addEventListener("online", () => {
  for (const [form, known] of forms) if (known.isDirty && !known.isHeld) send(form);
});
globalThis.addEventListener("beforeunload", (event) => {
  if (isUnsaved()) event.preventDefault();
});

// What this browser kept from a page that was closed before it could be saved

const offer = (form) => {
  let kept = null;
  try {
    kept = JSON.parse(localStorage.getItem(keyOf(form)));
  } catch {
    forget(form);
  }
  if (!kept) return;
  if (JSON.stringify(kept.typed) === JSON.stringify(typedIn(form))) return forget(form);
  const note = document.createElement("div");
  note.className = "notice tone-info";
  note.dataset.kept = "";
  const text = document.createElement("p");
  const at = new Date(kept.at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
  text.textContent = `This browser kept what you typed here at ${at} and could not save.`;
  note.append(text, act("Put it back", () => putBack(form, kept, note)), act("Forget it", () => {
    forget(form);
    note.remove();
  }));
  form.prepend(note);
};

const act = (label, does) => {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button tight";
  button.textContent = label;
  button.addEventListener("click", does);
  return button;
};

const putBack = (form, kept, note) => {
  const values = Map.groupBy(kept.typed, ([name]) => name);
  for (const field of form.elements) {
    if (!field.name || isFrame(field.name)) continue;
    const given = (values.get(field.name) ?? []).map(([, value]) => value);
    if (field.type === "checkbox" || field.type === "radio") field.checked = given.includes(field.value);
    else field.value = given[0] ?? "";
  }
  // the bases of then: what somebody else wrote since is a conflict, and both are shown
  for (const [name, base] of Object.entries(kept.bases)) if (form.elements[name]) form.elements[name].value = base;
  note.remove();
  forms.get(form).isDirty = true;
  send(form);
};

const watch = () => {
  for (const form of document.querySelectorAll("form[data-autosave]")) {
    if (forms.has(form)) continue;
    forms.set(form, { timer: 0, isDirty: false, isSending: false, isHeld: false, tries: 0, pressed: null });
    for (const foot of form.querySelectorAll("[data-save]")) foot.hidden = true;
    offer(form);
  }
  for (const [form, known] of forms) {
    const isDone = !known.isDirty && !known.isSending;  // what is not saved yet still is
    if (!form.isConnected && isDone) forms.delete(form);
  }
};

// Outline, head, side and strip follow a save; where somebody is typing nothing is replaced before
// they leave it

let isBehind = false;

const refresh = async () => {
  const editor = document.querySelector("[data-frame]");
  if (!editor) return;
  const address = new URL(editor.dataset.frame, location.href);
  address.search = location.search;
  address.searchParams.set("tab", document.querySelector(".editor")?.dataset.tab ?? "");
  const answer = await fetch(address, { headers: { "HX-Request": "true" } });
  if (!answer.ok) return;
  const parts = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ["here", "submit", "outline", "side", "at-prompt", "strip"]) morph(id, parts);
  document.body.dispatchEvent(new CustomEvent("draft:shown"));
};

// what somebody opened stays open, what they typed and did not send yet stays as it is

const isTyped = (node) => node instanceof HTMLTextAreaElement && node.value !== node.defaultValue;
const KEEPING = {
  beforeAttributeUpdated: (name, node) => !(name === "open" && node instanceof HTMLDetailsElement),
  beforeNodeMorphed: (node) => !isTyped(node),
  beforeNodeRemoved: (node) =>
    !(node instanceof Element && [...node.querySelectorAll("textarea")].some(isTyped)),
};

const morph = (id, parts) => {
  const [here, there] = [document.getElementById(id), parts.getElementById(id)];
  if (!here || !there) return;
  if (here.contains(document.activeElement)) {
    isBehind = true;
    return;
  }
  const scroll = here.scrollTop;
  Idiomorph.morph(here, there.innerHTML, { morphStyle: "innerHTML", callbacks: KEEPING });
  here.scrollTop = scroll;
  globalThis.htmx?.process(here);
};

let waiting = 0;
const refreshSoon = () => {
  isBehind = false;
  clearTimeout(waiting);
  waiting = setTimeout(refresh, 300);
};
document.body.addEventListener("draft:saved", refreshSoon);
document.body.addEventListener("focusout", () => {
  if (isBehind) refreshSoon();
});
// who else is here, and what they said meanwhile
setInterval(() => {
  if (!document.hidden && !isUnsaved()) refresh();
}, 20_000);

document.addEventListener("htmx:afterSettle", watch);
watch();
