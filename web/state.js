// The state of the playground in the fragment of its address: JSON, deflated, in base64url.

// Nobody's policy is longer, and a short fragment may inflate to a very long text.
const LONGEST = 4 << 20;

/** The fragment of a state, which is an object of texts. */
export async function packed(state) {
  const bytes = new TextEncoder().encode(JSON.stringify(state));
  const piped = new Blob([bytes]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const small = new Uint8Array(await new Response(piped).arrayBuffer());
  const binary = Array.from(small, (byte) => String.fromCharCode(byte)).join("");
  return `#${btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
}

/** The state of a fragment; it throws where there is none. */
export async function unpacked(fragment) {
  const binary = atob(fragment.slice(1).replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw")).getReader();
  const decoder = new TextDecoder();
  let out = "";
  for (;;) {
    const { done, value } = await reader.read();
    out += value ? decoder.decode(value, { stream: true }) : decoder.decode();
    if (out.length > LONGEST) throw new Error("the address holds too long a text");
    if (done) break;
  }
  const state = JSON.parse(out);
  if (state === null || typeof state !== "object" || Array.isArray(state)) throw new Error("the address holds no state");
  return state;
}
