/* Parts that refresh themselves: what a person opened stays open, what is being filled in stays. */

const callbacks = globalThis.Idiomorph?.defaults.callbacks;
if (callbacks) {
  callbacks.beforeAttributeUpdated = (name, node) => !(name === "open" && node.matches("details"));
  callbacks.beforeNodeMorphed = (node) => !node.matches?.("details[data-keep][open]");
}
