// Days as the reader's own calendar has them, "2026-11-23", and how many there are in stretches of them.

const DAY = 86_400_000; // milliseconds

const number = (day) => Date.UTC(...day.split("-").map((part, place) => part - (place === 1))) / DAY;

// The day it is where the reader is, as 2026-11-23.
export function today() {
  const now = new Date();
  const two = (part) => String(part).padStart(2, "0");
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

// "23 November 2026". The day is no moment, so no time zone may move it.
export function inWords(day) {
  return new Date(number(day) * DAY).toLocaleDateString("en-GB", { dateStyle: "long", timeZone: "UTC" });
}

export function dayBefore(day) {
  return new Date((number(day) - 1) * DAY).toISOString().slice(0, 10);
}

export const inOrder = (stretches) => stretches.sort((one, other) => (one.from < other.from ? -1 : 1));
export const current = (stretches) => stretches.find((one) => one.to === "");

// Days of this stretch and of all together: first and last days count, none counts twice, and
// none that has not come yet.
export function count(stretches, now) {
  const until = number(now);
  const running = current(stretches);
  let all = 0;
  let counted = -Infinity;
  for (const { from, to } of inOrder([...stretches])) {
    const first = Math.max(number(from), counted + 1);
    const last = Math.min(to === "" ? until : number(to), until);
    if (last < first) continue;
    all += last - first + 1;
    counted = last;
  }
  return { stretch: running ? Math.max(until - number(running.from) + 1, 0) : 0, all };
}
