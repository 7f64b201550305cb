import { answer, initSync } from "./cam.js";

let ready = false;
const waiting = [];

function reply({ number, question }) {
  postMessage({ number, answer: answer(question) });
}

onmessage = ({ data }) => {
  if (data.module) {
    initSync({ module: data.module });
    ready = true;
    waiting.splice(0).forEach(reply);
  } else if (ready) {
    reply(data);
  } else {
    waiting.push(data);
  }
};
