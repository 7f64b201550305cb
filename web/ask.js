// Asks the WebAssembly module, which runs in a worker: a long answer does not stop the page.

const WASM = new URL("cam_bg.wasm", import.meta.url);

// How long an older question of the same kind may still take before a newer one stops it.
const PATIENCE = 1000;

let compiled;
// Since when there is a module: until then, an old question has not even begun.
let loaded = Infinity;
let worker;
let pending = new Map();
let number = 0;

function start() {
  compiled ??= WebAssembly.compileStreaming(fetch(WASM));
  worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
  const own = worker;
  // What an ended worker still reports is nothing to the one after it.
  const fail = (why) => own === worker && restart(why);
  own.onmessage = ({ data }) => {
    const asked = pending.get(data.number);
    pending.delete(data.number);
    asked?.resolve(JSON.parse(data.answer));
  };
  own.onerror = (event) => fail(event.message || "the module stopped");
  compiled.then(
    (module) => {
      if (loaded === Infinity) loaded = performance.now();
      own.postMessage({ module });
    },
    (error) => {
      compiled = undefined;
      fail(error.message);
    },
  );
}

// Ends the worker, and with it all that it has not answered. The next question starts another.
function restart(why) {
  worker?.terminate();
  worker = undefined;
  const lost = pending;
  pending = new Map();
  for (const asked of lost.values()) asked.resolve({ error: why, help: [] });
}

/** Asks a question; the answer is an object, with `error` where there is none. */
export function ask(question) {
  const old = [...pending.values()].find((one) => one.kind === question.ask);
  if (old && performance.now() - Math.max(old.since, loaded) > PATIENCE) restart("a newer question took its place");
  if (!worker) start();
  number += 1;
  const own = number;
  return new Promise((resolve) => {
    pending.set(own, { resolve, kind: question.ask, since: performance.now() });
    worker.postMessage({ number: own, question: JSON.stringify(question) });
  });
}
