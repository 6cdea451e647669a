// Has the intake page ask msrisk in a worker of its own, in place of a server. It stands in one
// file with page.js, before it, so that neither runs without the other and nothing is sent.
// No answer leaves the device: the policy of the page, which the worker inherits, lets neither a
// form nor a request through to anywhere but the folder of the page.
"use strict";

{
  const WORDS = {
    en: {
      waiting: "One moment. msrisk is starting on this device.",
      start:
        "msrisk could not start in this browser, so nothing was checked. " +
        "Ask your doctor or pharmacist before you take anything.",
      fault:
        "Something went wrong, so this was not checked. Your answers are still here. " +
        "Ask your doctor or pharmacist before you take anything.",
    },
    de: {
      waiting: "Einen Moment. msrisk startet auf diesem Gerät.",
      start:
        "msrisk konnte in diesem Browser nicht starten, also wurde nichts geprüft. " +
        "Fragen Sie Arzt oder Apotheke, bevor Sie etwas einnehmen.",
      fault:
        "Etwas ging schief, also wurde dies nicht geprüft. Ihre Antworten sind noch da. " +
        "Fragen Sie Arzt oder Apotheke, bevor Sie etwas einnehmen.",
    },
  };
  const { src, dataset } = document.currentScript;
  const at = (name) => new URL(name, src).href;

  let worker;
  let started = false;

  // A worker that is made of a blob inherits the policy of this page; one made of an address has
  // the policy that the server sends with it, and a plain file server sends none.
  const code = new Blob([`import ${JSON.stringify(at("worker.js"))};`], { type: "text/javascript" });
  const ready = new Promise((resolve, reject) => {
    worker = new Worker(URL.createObjectURL(code), { type: "module" });
    worker.addEventListener("message", ({ data }) => {
      if (data.state) performance.mark(`msrisk-${data.state}`);
      if (data.state === "ready") resolve((started = true));
      if (data.state === "failed") reject(new Error("no start"));
    });
    worker.addEventListener("error", reject);
    worker.postMessage({ wheels: dataset.wheels.split(" ").map(at) });
  });
  ready.catch(() => {}); // said when somebody waits for it

  let sent = 0;

  async function respond(fields) {
    if (!started) say("waiting", "waiting");
    try {
      await ready;
    } catch (error) {
      say("failed", "start");
      throw error;
    }
    const id = ++sent;
    const html = await new Promise((resolve) => {
      worker.addEventListener("message", function answered({ data }) {
        if (data.id !== id) return;
        worker.removeEventListener("message", answered);
        resolve(data.html);
      });
      worker.addEventListener("error", () => resolve(), { once: true });
      worker.postMessage({ id, fields });
    });
    if (html === undefined) {
      say("failed", "fault");
      throw new Error("no answer");
    }
    performance.mark("msrisk-answered");
    return html;
  }

  // The lines of the page for this speak of a connection, which there is none of.
  function say(line, what) {
    const words = WORDS[document.documentElement.lang] ?? WORDS.en;
    document.getElementById(line).textContent = words[what];
  }

  window.msrisk = { respond };
}
