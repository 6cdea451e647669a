// Waits until the intake page in the frame is done, and takes the answers as an intake document.
"use strict";

const frame = document.querySelector("iframe");
const said = document.querySelector("[role='status']");

addEventListener("message", ({ origin, source, data }) => {
  // Any page may send a message; only that of the frame, from its own server, counts.
  if (source !== frame.contentWindow || origin !== new URL(frame.src).origin) return;
  if (data?.from !== "msrisk" || data.state !== "done") return;
  // To keep in the record, or to send to /api/assess for the whole report. Comes again, as the
  // person may go back and change an answer; the last one counts.
  said.textContent = JSON.stringify(data.intake, null, 1);
});
