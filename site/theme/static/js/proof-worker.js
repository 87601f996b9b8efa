// Finds a proof of work: counts up until the derived key begins as the challenge asks.
// What is derived from is the challenge's nonce, then the counter: 32 bits, big end first.

const toBytes = (hex) => Uint8Array.from(hex.match(/../g), (pair) => parseInt(pair, 16));

const toHex = (buffer) =>
  Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");

async function derive(parameters, counter) {
  const nonce = toBytes(parameters.nonce);
  const password = new Uint8Array(nonce.length + 4);
  password.set(nonce);
  new DataView(password.buffer).setUint32(nonce.length, counter);
  const key = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveBits"]);
  const salt = toBytes(parameters.salt);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: parameters.cost };
  return toHex(await crypto.subtle.deriveBits(how, key, parameters.keyLength * 8));
}

async function solve({ parameters }) {
  for (let counter = 0; ; counter++) {
    const derivedKey = await derive(parameters, counter);
    if (derivedKey.startsWith(parameters.keyPrefix)) return { counter, derivedKey };
  }
}

addEventListener("message", async ({ data: challenge }) => {
  const solution = await solve(challenge);
  postMessage(btoa(JSON.stringify({ challenge, solution })));
});
