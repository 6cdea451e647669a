// Runs msrisk in Pyodide, apart from the page, so that the page never stands still.
// It gets {wheels} once, and then {id, fields}. It answers {id, html}, or {id} if it could not.

import { loadPyodide } from "./pyodide/pyodide.mjs";

// What msrisk does before the first form is sent need not be waited for then.
const PYTHON = `
from msrisk.compiled import SHIPPED

# The rules as they are kept are read back only where nobody else may write.
SHIPPED.parent.chmod(0o755)
SHIPPED.chmod(0o644)

from msrisk.web.page import respond

def answer(fields):
    return respond([(name, value) for name, value in fields.to_py()], base=".")

respond([], base=".")
answer
`;

let ready;

onmessage = async ({ data }) => {
  if (data.wheels) {
    ready = start(data.wheels);
    ready.then(
      () => postMessage({ state: "ready" }),
      () => postMessage({ state: "failed" }),
    );
    return;
  }
  try {
    const answer = await ready;
    postMessage({ id: data.id, html: answer(data.fields) });
  } catch {
    // Not told on: the text of an error may hold what the person wrote.
    postMessage({ id: data.id });
  }
};

async function start(wheels) {
  const indexURL = new URL("pyodide/", import.meta.url).href;
  const fetched = Promise.all(wheels.map(bytes));
  const started = loadPyodide({ indexURL });
  started.then(
    () => postMessage({ state: "started" }),
    () => {},
  );
  const [pyodide, archives] = await Promise.all([started, fetched]);
  pyodide.runPython("import sys; sys.dont_write_bytecode = True");
  for (const archive of archives) pyodide.unpackArchive(archive, "wheel");
  return pyodide.runPython(PYTHON);
}

async function bytes(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response.arrayBuffer();
}
