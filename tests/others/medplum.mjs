// Validates each resource of a JSON list against the definitions and invariants of FHIR R4:
// node medplum.mjs CORE DEFINITIONS FILE. Prints a JSON list with the problems of each.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const [core, definitions, file] = process.argv.slice(2);
globalThis.WebSocket ??= class {}; // older Node has none, and the package wants one to load
const { indexStructureDefinitionBundle, validateResource } = await import(
  join(core, 'dist/esm/index.mjs')
);
const json = (path) => JSON.parse(readFileSync(path, 'utf8'));
for (const name of ['profiles-types', 'profiles-resources']) {
  indexStructureDefinitionBundle(json(join(definitions, 'dist/fhir/r4', `${name}.json`)));
}

function problems(resource) {
  try {
    return validateResource(resource).map(words);
  } catch (error) {
    if (!error.outcome) throw error;
    return error.outcome.issue.map(words);
  }
}

const words = (issue) => `${issue.expression?.join(', ')}: ${issue.details?.text}`;
// Those inside are validated by themselves, too: not every validator looks there.
const inside = (one) => [
  ...(one.contained ?? []),
  ...(one.entry ?? []).flatMap((entry) => [entry.resource, ...inside(entry.resource)]),
];
console.log(JSON.stringify(json(file).map((one) => [one, ...inside(one)].flatMap(problems))));
