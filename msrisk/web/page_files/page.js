// Makes the intake page easier where scripts run; without them all of it works too.
"use strict";

// Who reads by ear or by magnifier begins at the question, not at the head of the page.
const title = document.getElementById("title");
const wrong = document.querySelector("[aria-invalid='true'], .wrong[role='alert']");
if (wrong) {
  wrong.setAttribute("tabindex", wrong.getAttribute("tabindex") ?? "-1");
  wrong.focus();
} else if (title && !document.body.classList.contains("view-start")) {
  title.focus({ preventScroll: true });
}

// A second tap of a hand that trembles must not answer the next question, or the same one twice.
const begun = performance.now();
let sent = false;
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  const keeps = button && button.value === "keep";
  if (sent || performance.now() - begun < 350) {
    event.preventDefault();
  } else if (!keeps) {
    sent = true;
  }
});
// A page that the browser brings back may be sent again.
window.addEventListener("pageshow", () => {
  sent = false;
});

for (const button of document.querySelectorAll("button.print")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
for (const hint of document.querySelectorAll(".by-hand")) {
  hint.hidden = true;
}
