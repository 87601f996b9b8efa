// Days, gently: this stretch, and all days together, which no new stretch makes fewer.

import { DAYS, change, read } from "./yours-keeping.js";
import { at, clone, say, told } from "./yours-page.js";
import { count, current, dayBefore, inOrder, inWords, today } from "./yours-calendar.js";

const NEW = 7; // days in which a new stretch is still new
const words = (count) => (count === 1 ? "1 day" : `${count} days`);

// What is wrong with the dates of a stretch, or "". `goesOn`: another stretch has no last day yet.
function wrong({ from, to }, goesOn = false) {
  if (from > today() || to > today()) return "That day has not come yet. Please choose today or a day before.";
  if (to !== "" && to < from) return "The last day comes before the first. Please look at the two dates again.";
  if (to === "" && goesOn) return "Only one stretch can go on. Please give this one a last day.";
  return "";
}

// Keep it so, say so, and show it; the form that it came from is empty then. Whether it was kept.
function keep(how, words, { form, putBack } = {}) {
  const trouble = change(DAYS, how);
  say(trouble || words, { putBack: trouble ? undefined : putBack });
  if (trouble) return false;
  form?.reset();
  show();
  return true;
}

// What takes days away can be undone while the page is open.
function takeAway(how, words) {
  const before = read(DAYS);
  const putBack = () => keep(() => before, "It is back.");
  keep(how, words, { putBack });
}

function begin(event) {
  event.preventDefault();
  const first = { from: at("since").value, to: "", helped: "" };
  const trouble = wrong(first);
  const how = () => ({ what: at("what").value.trim(), stretches: [first] });
  if (trouble) say(trouble);
  else keep(how, "Counting. Be kind to yourself, whatever the number.", { form: event.target });
}

function beginAnew(event) {
  event.preventDefault();
  const from = at("anew").value;
  const helped = at("helped").value.trim();
  const tooEarly = from < current(read(DAYS)?.stretches ?? [])?.from;
  const trouble = wrong({ from, to: "" }) || (tooEarly && "That day is before this stretch began. You can change the dates of both below.");
  const how = (days) => ({ ...days, stretches: anew(days.stretches, from, helped) });
  if (trouble) say(trouble);
  else if (keep(how, "You’re still here. All the days you had still count.", { form: event.target })) {
    at("new-stretch").querySelector("summary").focus();
    at("new-stretch").open = false;
  }
}

// The running stretch ends the day before. One that began that very day simply begins again.
function anew(stretches, from, helped) {
  const running = current(stretches);
  if (running?.from === from) running.helped ||= helped;
  else {
    if (running) Object.assign(running, { to: dayBefore(from), helped: helped || running.helped });
    stretches.push({ from, to: "", helped: "" });
  }
  return stretches;
}

function addEarlier(event) {
  event.preventDefault();
  const earlier = { from: at("earlier-from").value, to: at("earlier-to").value, helped: "" };
  const trouble = wrong(earlier);
  const how = (days) => ({ ...days, stretches: inOrder([...days.stretches, earlier]) });
  if (trouble) say(trouble);
  else keep(how, "These days are counted too.", { form: event.target });
}

function row(stretch, place) {
  const item = clone("stretch");
  const form = item.querySelector("form");
  const [from, to] = form.querySelectorAll("input");
  const helped = form.querySelector("textarea");
  const isThis = (one) => one.from === stretch.from && one.to === stretch.to;
  [from.value, to.value, helped.value] = [stretch.from, stretch.to, stretch.helped];
  form.setAttribute("aria-label", `Stretch ${place + 1}`);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const changed = { from: from.value, to: to.value, helped: helped.value.trim() };
    const others = (read(DAYS)?.stretches ?? []).filter((one) => !isThis(one));
    const trouble = wrong(changed, Boolean(current(others)));
    if (trouble) say(trouble);
    else keep((days) => ({ ...days, stretches: inOrder(days.stretches.map((one) => (isThis(one) ? changed : one))) }), "The dates are changed.");
  });
  form.querySelector("button[type=button]").addEventListener("click", () => {
    at("change-days").querySelector("summary").focus();
    takeAway((days) => ({ ...days, stretches: days.stretches.filter((one) => !isThis(one)) }), "That stretch is removed.");
  });
  return item;
}

function stillHere(stretches, counted) {
  const before = stretches.filter((one) => one.to !== "");
  const shown = before.length > 0 && counted.stretch > 0 && counted.stretch <= NEW;
  const helped = before.at(-1)?.helped;
  at("still-here").hidden = !shown;
  at("still-here").textContent = `You’re still here. What helped last time?${helped ? ` You wrote: ${helped}` : ""}`;
}

export function show() {
  const days = told(read(DAYS), DAYS, at("begin-days").parentElement);
  if (!days) return;
  const { stretches, what } = days;
  const counted = count(stretches, today());
  at("begin-days").hidden = stretches.length > 0;
  at("counted").hidden = stretches.length === 0;
  at("this-stretch").textContent = current(stretches) ? `${words(counted.stretch)}, since ${inWords(current(stretches).from)}` : "None is running.";
  at("all-days").textContent = words(counted.all);
  at("counting").textContent = what;
  stillHere(stretches, counted);
  at("stretches").replaceChildren(...stretches.map(row));
  for (const field of ["since", "anew", "earlier-from", "earlier-to"]) at(field).max = today();
  at("anew").value ||= today();
  at("since").value ||= today();
}

export function start() {
  at("begin-days").addEventListener("submit", begin);
  at("begin-anew").addEventListener("submit", beginAnew);
  at("earlier").addEventListener("submit", addEarlier);
  at("stop-counting").addEventListener("click", () => {
    takeAway(() => structuredClone(DAYS.empty), "Not counting any more. These days are forgotten here.");
    at("since").focus();
  });
}
