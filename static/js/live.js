/* Parts that refresh themselves: what a person opened stays open, what is being filled in stays.
   Where a person acts in place, the focus stays on what was pressed, or on what took its place. */

let sender = null; // the form that is answered, null for a refresh
let foldId = "";

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const asked = detail.requestConfig?.elt;
  sender = asked?.matches("form") ? asked : null;
  foldId = sender?.closest("details")?.id ?? "";
});

const callbacks = globalThis.Idiomorph?.defaults.callbacks;
if (callbacks) {
  const isKept = (node) => node.matches("#said, details[data-keep][open]") && !node.contains(sender);
  callbacks.beforeAttributeUpdated = (name, node) =>
    !(name === "open" && node.matches("details")) || node.contains(sender);
  callbacks.beforeNodeMorphed = (node) => !(node.matches && isKept(node));
}

const placeOfFocus = () => {
  const fold = foldId && document.getElementById(foldId);
  if (fold) return fold.querySelector("[aria-invalid]") ?? (fold.open ? null : fold.querySelector("summary"));
  return document.activeElement === document.body ? document.getElementById("state") : null;
};

document.addEventListener("htmx:afterSettle", ({ detail }) => {
  if (sender && detail.requestConfig?.elt === sender) placeOfFocus()?.focus();
});
