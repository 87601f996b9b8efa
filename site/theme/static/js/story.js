// Under a story: keep it on this device, or hide stories like it. In lists: fold away what was to be hidden.
// Off until somebody says yes; nothing here can send anything.

import { button, made } from "./yours-elements.js";
import { filedUnder, lists } from "./yours-filed.js";
import { CANNOT, HIDDEN, OTHERS, SAVED, change, isOn, read, switchOn } from "./yours-keeping.js";

function yours(before) {
  const line = document.createDocumentFragment();
  const link = made("a", "Yours alone");
  link.href = "/yours/";
  line.append(`${before} `, link, ".");
  return line;
}

// --- lists ---------------------------------------------------------------------------------------

const slugsOf = (element, list) => (element.dataset[list] ?? "").split(" ").filter(Boolean);

// The card stays where it is, with one quiet line in place of its words.
function foldAway(card) {
  const words = [...card.children];
  const line = made("p", "A story you asked not to see. ", "soft");
  line.append(button("Show it", () => {
    line.remove();
    unfolded.add(card);
    for (const one of words) one.hidden = false;
    card.classList.remove("folded");
    card.querySelector("a")?.focus();
  }));
  for (const one of words) one.hidden = true;
  card.classList.add("folded");
  card.append(line);
}

const unfolded = new WeakSet(); // cards that somebody wanted to see after all

function foldCards() {
  const hidden = isOn() && read(HIDDEN);
  if (!hidden) return;
  const isHidden = (card) => lists.some((list) => slugsOf(card, list).some((slug) => Object.hasOwn(hidden[list], slug)));
  for (const card of document.querySelectorAll(".card:not(.folded)")) {
    if (!unfolded.has(card) && isHidden(card)) foldAway(card);
  }
}

// --- under a story -------------------------------------------------------------------------------

function underAStory(place) {
  const address = `/stories/${place.dataset.story}/`;
  const said = made("p");
  said.setAttribute("role", "status");
  const say = (words) => said.replaceChildren(words);

  // The first time, ask. What was wanted is done on yes; a no is not kept either.
  const asked = made("div", "", "notice");
  asked.hidden = true;
  let wanted = () => {};
  const close = () => {
    asked.hidden = true;
    save.focus();
  };
  asked.append(
    made("p", `Keep things on this device? Nothing of it is sent to us. ${OTHERS}`),
    button("Yes, keep them here", () => {
      close();
      if (switchOn()) wanted();
      else say(CANNOT);
    }),
    button("No, keep nothing", () => {
      close();
      say("Nothing is kept.");
    }),
  );
  function ifKeeping(act) {
    if (isOn()) {
      act();
      return;
    }
    wanted = act;
    asked.hidden = false;
    asked.querySelector("button").focus();
  }

  const isSaved = () => isOn() && Boolean(read(SAVED)?.some((story) => story.address === address));
  const name = () => (isSaved() ? "Take it off this device" : "Save on this device");
  function turn() {
    const without = (stories) => stories.filter((story) => story.address !== address);
    const story = { address, title: place.dataset.title, penName: place.dataset.penName };
    const was = isSaved();
    const trouble = change(SAVED, (stories) => (was ? without(stories) : [...without(stories), story]));
    say(trouble || (was ? "This story is not saved any more." : yours("Saved on this device. You find it under")));
    save.textContent = name();
  }
  const save = button(name(), () => ifKeeping(turn));

  const choices = whatToHide(place, (chosen) => ifKeeping(() => {
    const trouble = change(HIDDEN, (hidden) => {
      for (const { list, slug, label } of chosen) hidden[list][slug] = label;
      return hidden;
    });
    say(trouble || yours("Lists leave such stories out from now on, in this browser. You can change that under"));
    if (!trouble) choices.open = false;
    foldCards();
  }));

  const buttons = made("p", "", "actions");
  buttons.append(save);
  place.append(buttons, ...(choices ? [choices] : []), asked, said);
  place.hidden = false;
  addEventListener("pageshow", () => {
    save.textContent = name();
  });
}

function whatToHide(place, hide) {
  const labels = place.dataset.labels.split("|"); // of the notes and then of the topics, as their slugs are
  const entries = lists.flatMap((list) => slugsOf(place, list).map((slug) => ({ list, slug, label: labels.shift() })));
  if (!entries.length) return null;
  const details = made("details");
  const boxes = entries.map((entry) => {
    const choice = made("label", "", "choice");
    const box = Object.assign(made("input"), { type: "checkbox", autocomplete: "off" });
    choice.append(box, made("span", filedUnder(entry.list, entry.label)));
    return { ...entry, choice, box };
  });
  const group = made("fieldset", "", "field choices long-choices");
  const list = made("div", "", "choices-list");
  list.append(...boxes.map(({ choice }) => choice));
  group.append(made("legend", "Which ones?"), list);
  const press = button("Hide these", () => {
    const chosen = boxes.filter(({ box }) => box.checked);
    if (chosen.length) hide(chosen);
    else boxes[0].box.focus();
  });
  details.append(made("summary", "Hide stories like this"), group, press);
  return details;
}

const place = document.querySelector(".on-device[data-story]");
if (place) underAStory(place);
foldCards();
// Search adds cards later.
const more = new MutationObserver(foldCards);
for (const cards of document.querySelectorAll(".cards")) more.observe(cards, { childList: true });
