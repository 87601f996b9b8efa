// "Leave now": the link, or Shift pressed three times alone, takes this page away at once.
// Another page stands in its place, so that Back does not lead in again. Without script the link
// is a link. What all this cannot do is said on /leaving-quickly/.

{
  const PRESSES = 3;
  const PATIENCE = 5000; // milliseconds after each press, as in GOV.UK's "Exit this page"
  const LEFT = "handrail.left"; // kept for this tab alone, until it is closed

  const links = [...document.querySelectorAll("a[data-leave]")];
  const button = links.at(-1);
  const status = document.createElement("span");
  let presses = 0;
  let alone = false; // Shift is down, and nothing else was pressed since
  let leaving = false;
  let timer;

  // A browser may refuse to keep anything. Leaving works all the same.
  function mark(change) {
    try {
      return change(sessionStorage);
    } catch {
      return null;
    }
  }

  function leave() {
    leaving = true;
    mark((tab) => tab.setItem(LEFT, "yes"));
    empty();
    cover();
    location.replace(links[0].href);
  }

  // Nothing typed may come back with the page: not what was typed now, nor what a form came back with.
  function empty() {
    for (const field of document.querySelectorAll("input, textarea, select")) {
      field.autocomplete = "off";
      field.defaultValue = field.value = "";
      field.defaultChecked = field.checked = false;
    }
  }

  // The page itself goes, not only out of sight: what loads slowly leaves nothing to read.
  function cover() {
    const over = document.createElement("div");
    over.className = "left-behind";
    over.setAttribute("role", "alert");
    over.textContent = "Leaving this site.";
    document.title = "Loading";
    document.body.replaceChildren(over);
  }

  function press() {
    presses += 1;
    clearTimeout(timer);
    if (presses === PRESSES) {
      leave();
      return;
    }
    button.dataset.presses = presses;
    status.textContent = `Press Shift ${presses === 1 ? "two more times" : "once more"} to leave.`;
    timer = setTimeout(() => startOver("You are still on this page."), PATIENCE);
  }

  function startOver(words = "") {
    alone = false;
    if (!presses) return;
    presses = 0;
    clearTimeout(timer);
    delete button.dataset.presses;
    status.textContent = words;
  }

  // Counted when it comes up, and only if it went down and up by itself: not for a capital letter,
  // not with Ctrl, Alt or Meta, which screen readers use, not while an input method is composing.
  function keyDown(event) {
    if (event.key !== "Shift" || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) startOver();
    else alone = true;
  }

  function keyUp(event) {
    if (event.key !== "Shift" || !alone || leaving) return;
    alone = false;
    press();
  }

  // Back, to this page or to one before it in this tab, after somebody left: it goes away again.
  // Whoever comes by a link or types the address wants to be here.
  function cameBack() {
    const how = performance.getEntriesByType("navigation")[0]?.type;
    const again = how === "back_forward" || how === "reload";
    return mark((tab) => (again ? tab.getItem(LEFT) : tab.removeItem(LEFT))) === "yes";
  }

  function listen() {
    status.className = "visually-hidden";
    status.setAttribute("aria-live", "polite"); // as role=status, but no page has two of these
    button.after(status);
    for (const kind of ["click", "auxclick"]) {
      document.addEventListener(kind, (event) => {
        if (event.button === 2 || !event.target.closest("a[data-leave]")) return;
        event.preventDefault();
        leave();
      });
    }
    addEventListener("keydown", keyDown, true);
    addEventListener("keyup", keyUp, true);
    // With the keys that a screen reader keeps to itself, Shift looks alone; but then the focus moves.
    for (const kind of ["focusin", "pointerdown", "blur"]) addEventListener(kind, () => startOver(), true);
    addEventListener("pageshow", (event) => {
      if (event.persisted && (leaving || mark((tab) => tab.getItem(LEFT)) === "yes")) leave();
    });
  }

  if (button) {
    listen();
    if (cameBack()) leave();
  }
}
