/* Cards that open below a button: Escape and a click elsewhere close them. They work without. */

const opened = () => [...document.querySelectorAll("details.hand-in[open]")];

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const fold of opened()) {
    const hadFocus = fold.contains(document.activeElement);
    fold.open = false;
    if (hadFocus) fold.querySelector("summary").focus();
  }
});

document.addEventListener("click", (event) => {
  for (const fold of opened()) {
    const isLink = event.target.closest("a") !== null;
    if (!fold.contains(event.target) || isLink) fold.open = false;
  }
});
