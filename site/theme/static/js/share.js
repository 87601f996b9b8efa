// While somebody writes, a worker finds a proof of work for their form: a flood cannot crowd it out.
// The form needs none of this. Sent without a proof, it takes the lane that is kept for that.

const form = document.querySelector("form[data-share]");
const token = form?.elements.namedItem("token");
const place = form?.elements.namedItem("pow");

async function prove() {
  // In a header and not in the address, which logs of proxies keep.
  const answer = await fetch("/api/challenge", {
    headers: { Accept: "application/json", "Form-Token": token.value },
    credentials: "omit",
  });
  if (!answer.ok) return;
  const challenge = await answer.json();
  const worker = new Worker("/theme/js/proof-worker.js");
  worker.addEventListener("message", ({ data: proof }) => {
    place.value = proof;
    worker.terminate();
  });
  worker.postMessage(challenge);
}

// Without crypto.subtle (plain http at another name than localhost) there is nothing to prove with.
if (token && place && window.crypto?.subtle && window.Worker) {
  prove().catch(() => {}); // no answer, no proof, and nobody has to know
}
