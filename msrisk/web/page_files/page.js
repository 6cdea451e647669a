// Makes the intake page easier where scripts run; without them all of it works too.
//
// Each form is sent in the background and its answer shown in place, so that the buttons of the
// browser for back and reload lead to an earlier question and lose nothing. What was sent stays
// in the history of this window, where a browser keeps a form that it sends itself.
"use strict";

// A page without a server puts its own here: fields, as pairs of text, to a page as HTML.
const respond = () =>
  window.msrisk?.respond ??
  (async (fields) => {
    const found = await fetch(document.querySelector("form").action, {
      method: "POST",
      body: new URLSearchParams(fields),
      cache: "no-store",
    });
    const html = await found.text();
    if (!found.ok) {
      // A page that says why, in words for a person.
      throw new Refusal(parsed(html).getElementById("refused")?.textContent);
    }
    return html;
  });

class Refusal extends Error {}

const parsed = (html) => new DOMParser().parseFromString(html, "text/html");

let shownAt = performance.now();
let asked = 0;
let busy = false;

async function show(fields, moved = () => {}) {
  const mine = ++asked;
  busy = true;
  const waiting = setTimeout(() => said("waiting", true), 700);
  said("failed", false);
  try {
    const html = await respond()(fields);
    if (mine !== asked) {
      return;
    }
    const made = parsed(html);
    if (!made.getElementById("failed")) {
      throw new Error("not this page, but for example where a network asks for a password");
    }
    moved();
    document.title = made.title;
    document.documentElement.lang = made.documentElement.lang;
    document.body.replaceWith(document.adoptNode(made.body));
    window.scrollTo(0, 0);
    ready();
  } catch (error) {
    const line = document.getElementById("failed");
    line.dataset.words ??= line.textContent;
    line.textContent = (error instanceof Refusal && error.message) || line.dataset.words;
    said("failed", true);
    line.scrollIntoView({ block: "center" });
  } finally {
    clearTimeout(waiting);
    said("waiting", false);
    busy = mine === asked ? false : busy;
  }
}

function said(id, now) {
  const line = document.getElementById(id);
  if (line) {
    line.hidden = !now;
  }
}

// What is gone to stands below the emergency, however many lines that takes.
function makeRoom() {
  const stays = [...document.querySelectorAll("header, header .stays")].find(
    (one) => getComputedStyle(one).position === "sticky" && one.getClientRects().length,
  );
  const high = stays ? stays.getBoundingClientRect().height : 0;
  document.documentElement.style.scrollPaddingTop = `${Math.ceil(high) + 12}px`;
}

window.addEventListener("resize", makeRoom);

function ready() {
  shownAt = performance.now();
  makeRoom();
  tell();
  // Who reads by ear or by magnifier begins at the question, not at the head of the page.
  const title = document.getElementById("title");
  const wrong = document.querySelector("[aria-invalid='true'], .wrong[role='alert']:not([hidden])");
  if (wrong) {
    if (wrong.matches(".wrong")) {
      wrong.tabIndex = -1;
    }
    wrong.focus();
    const lines = (wrong.getAttribute("aria-describedby") ?? "").split(" ");
    lines.map((id) => document.getElementById(id)).find((one) => one?.matches(".wrong"))
      ?.scrollIntoView({ block: "nearest" });
  } else if (!document.body.classList.contains("view-start")) {
    title?.focus({ preventScroll: true });
  }
  for (const button of document.querySelectorAll("button.print")) {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  }
  for (const hint of document.querySelectorAll(".by-hand")) {
    hint.hidden = true;
  }
}

// Tells the page around the frame when an intake is done, and what was answered: an intake
// document. A browser gives it to those pages only that the service named.
const embedders = document.currentScript.dataset.embedders?.split(" ") ?? [];

function tell() {
  const kept = document.getElementById("kept");
  if (kept && window.parent !== window) {
    const message = { from: "msrisk", state: "done", intake: JSON.parse(kept.value) };
    for (const one of embedders) {
      window.parent.postMessage(message, one);
    }
  }
}

async function fieldsOf(form, button) {
  const fields = [];
  for (const [name, value] of new FormData(form)) {
    fields.push([name, typeof value === "string" ? value : await value.text()]);
  }
  if (button) {
    fields.push([button.name, button.value]);
  }
  return fields;
}

function keep() {
  const text = document.getElementById("kept").value;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  link.download = "msrisk-answers.json";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}

document.addEventListener("submit", async (event) => {
  event.preventDefault();
  const button = event.submitter;
  if (button?.value === "keep") {
    keep();
    return;
  }
  // A second tap of a hand that trembles must not answer the next question, too.
  if (busy || performance.now() - shownAt < 250) {
    return;
  }
  busy = true;
  const fields = await fieldsOf(event.target, button);
  await show(fields, () => window.history.pushState({ fields }, ""));
});

// A place on the same page is gone to without an entry in the history.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href^='#']");
  if (link) {
    event.preventDefault();
    const place = document.getElementById(link.hash.slice(1));
    place?.scrollIntoView({ block: "start" });
    place?.focus({ preventScroll: true });
  }
});

window.addEventListener("popstate", (event) => {
  if (event.state?.fields) {
    show(event.state.fields);
  }
});

// Who reloads, or comes back from elsewhere, goes on; who opens the page begins.
const before = window.history.state?.fields;
const came = performance.getEntriesByType("navigation")[0]?.type;
if (before?.length && came !== "navigate") {
  show(before);
} else {
  window.history.replaceState({ fields: [] }, "");
  ready();
}
