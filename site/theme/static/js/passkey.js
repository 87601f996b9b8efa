// The browser's half of every passkey: ask the door what to sign, ask the device to sign it, hand it back.

const WORDS = {
  asking: "One moment…",
  device: "Now do what your device asks.",
  checking: "Checking…",
  done: "That worked. One moment…",
  unsupported:
    "This browser cannot use passkeys at this address. Please try a newer browser or another device.",
  unreachable: "The site could not be reached. Please check your connection and try again.",
  broken: "Something went wrong on our side. Please try again in a minute.",
  NotAllowedError: "Nothing was done. It was cancelled, or it took too long. You can try again.",
  AbortError: "Nothing was done. It was cancelled. You can try again.",
  InvalidStateError: "This device already holds a passkey for this site. You can sign in with it.",
  NotSupportedError: "This device cannot make the kind of passkey that is needed here.",
  ConstraintError: "This device has no screen lock, and a passkey needs one. Please set a PIN first.",
  SecurityError: "Passkeys work only at the site's own address. Please open the site there.",
};

// A refusal by the door, whose sentence is meant for the person.
class Refusal extends Error {}

const toBytes = (text) =>
  Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));

const toText = (buffer) =>
  btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=+$/, "");

// Browsers of before 2025 know passkeys, but not their JSON: these three do what theirs would.
function creationOptions(json) {
  if (PublicKeyCredential.parseCreationOptionsFromJSON) {
    return PublicKeyCredential.parseCreationOptionsFromJSON(json);
  }
  const user = { ...json.user, id: toBytes(json.user.id) };
  const known = (json.excludeCredentials || []).map((one) => ({ ...one, id: toBytes(one.id) }));
  return { ...json, user, challenge: toBytes(json.challenge), excludeCredentials: known };
}

function requestOptions(json) {
  if (PublicKeyCredential.parseRequestOptionsFromJSON) {
    return PublicKeyCredential.parseRequestOptionsFromJSON(json);
  }
  return { ...json, challenge: toBytes(json.challenge) };
}

function credentialJson(credential) {
  if (credential.toJSON) return credential.toJSON();
  const parts = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
  const present = parts.filter((name) => credential.response[name]);
  const response = Object.fromEntries(
    present.map((name) => [name, toText(credential.response[name])]),
  );
  return { id: credential.id, rawId: toText(credential.rawId), type: credential.type, response };
}

const create = (json) => navigator.credentials.create({ publicKey: creationOptions(json) });

const ceremonies = {
  enrol: create,
  add: create,
  "sign-in": (json) => navigator.credentials.get({ publicKey: requestOptions(json) }),
};

async function ask(address, body) {
  let response;
  try {
    response = await fetch(address, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(body),
    });
  } catch {
    throw new Refusal(WORDS.unreachable);
  }
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new Refusal(answer.error || WORDS.broken);
  return answer;
}

async function perform(form, say) {
  const address = form.dataset.address;
  const fields = Object.fromEntries(new FormData(form));
  say(WORDS.asking);
  const { publicKey } = await ask(`${address}/options`, fields);
  say(WORDS.device);
  const credential = await ceremonies[form.dataset.passkey](publicKey);
  say(WORDS.checking);
  const { next } = await ask(address, { ...fields, credential: credentialJson(credential) });
  say(WORDS.done);
  // No way back to a page whose link is spent.
  location.replace(next);
}

function explain(error) {
  return error instanceof Refusal ? error.message : WORDS[error.name] || WORDS.broken;
}

function prepare(form) {
  const button = form.querySelector("button");
  const status = form.querySelector("[role=status]");
  const say = (words) => {
    status.textContent = words;
  };
  if (!window.PublicKeyCredential || !navigator.credentials) {
    say(WORDS.unsupported);
    return;
  }
  button.disabled = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (button.disabled) return;
    button.disabled = true;
    try {
      await perform(form, say);
    } catch (error) {
      say(explain(error));
      button.disabled = false;
      button.focus();
    }
  });
  // Back from the desk through the browser's cache: the button must work again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) button.disabled = false;
  });
}

for (const form of document.querySelectorAll("form[data-passkey]")) prepare(form);
