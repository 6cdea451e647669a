// Sends the form to the JSON API of msrisk, and shows the first screen of the report as it is.
"use strict";

const api = document.currentScript.dataset.api;
const said = document.querySelector("[role='status']");

document.querySelector("form").addEventListener("submit", async (event) => {
  event.preventDefault();
  const intake = {};
  for (const list of document.querySelectorAll("[data-list]")) {
    const answer = answerOf(list);
    if (answer !== null) intake[list.dataset.list] = answer;
  }
  said.textContent = "One moment.";
  try {
    const response = await fetch(`${api}/assess`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(intake),
    });
    const told = await response.json();
    said.textContent = response.ok ? told.screen : problems(told);
  } catch {
    // Never silent: no answer must not look like nothing to warn of.
    said.textContent = "msrisk could not be reached, so nothing was checked.";
  }
});

function answerOf(list) {
  const ticked = (value) => list.querySelector(`[value='${value}']`).checked;
  const entries = list.querySelector("textarea").value.split("\n").filter((line) => line.trim());
  if (entries.length) return { entries, complete: ticked("all") };
  return ticked("none") ? "none" : null;
}

function problems(told) {
  const lines = told.problems.map((one) => `${one.where}: expected ${one.expected}`);
  return ["Nothing was checked.", ...lines].join("\n");
}
