// Makes a form from the JSON Schema that the service publishes, and sends what it holds.
// Run in this folder: npm install && npm run build
import Form from "@rjsf/core";
import { customizeValidator } from "@rjsf/validator-ajv8";
import Ajv2020 from "ajv/dist/2020";
import { createRoot } from "react-dom/client";

const { api } = document.querySelector("script[data-api]").dataset;
const said = document.querySelector("[role='status']");
const validator = customizeValidator({ AjvClass: Ajv2020 });

// How each way to answer is called, by what the schema says of it.
const WAYS = {
  noList: "None, or not known",
  supplementList: "Names, and these are all",
  entryList: "Names, and these are all",
  entries: "Names, and whether these are all",
  supplement: "Names",
  entryWords: "In words",
  array: "Names",
  range: "From … to",
  null: "Not asked",
  object: "More exactly",
  enum: "Not known",
};

// The form takes the first way unless told otherwise. So “none, or not known” comes first, with
// nothing chosen in it: a field that nobody touches is not asked, which is not “none”.
function forPeople(schema) {
  if (Array.isArray(schema)) return schema.map(forPeople);
  if (typeof schema !== "object" || schema === null) return schema;
  const made = Object.fromEntries(
    Object.entries(schema).map(([key, value]) => [key, forPeople(value)]),
  );
  if (made.enum) made.enum = made.enum.filter((one) => one !== null);
  if (made.anyOf?.length > 1 && !made.anyOf.some((one) => one.required && !one.type)) {
    const ways = made.anyOf.map((one) => ({ ...one, title: WAYS[kindOf(one)] ?? "A number" }));
    const last = (one) => !["noList", "enum", "null"].includes(kindOf(one));
    made.anyOf = ways.sort((one, other) => last(one) - last(other));
  }
  return made;
}

function kindOf({ $ref, enum: values, maxItems, properties, type }) {
  if ($ref) return $ref.split("/").pop();
  if (values) return "enum";
  if (properties?.entries) return "entries";
  return maxItems === 2 ? "range" : type;
}

const uiSchema = {
  schema: { "ui:widget": "hidden" },
  "ui:submitButtonOptions": { submitText: "Check" },
};

async function check({ formData }) {
  said.textContent = "One moment.";
  try {
    const response = await fetch(`${api}/assess`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(answered(formData)),
    });
    const told = await response.json();
    said.textContent = response.ok
      ? told.screen
      : ["Nothing was checked.", ...told.problems.map((one) => `${one.where}: expected ${one.expected}`)].join("\n");
  } catch {
    said.textContent = "msrisk could not be reached, so nothing was checked.";
  }
}

// The form writes an empty list or object for a field that somebody opened and left. msrisk
// refuses an empty list, since it can mean “none” as well as “not asked”: here it is not asked.
function answered(document) {
  const empty = (value) =>
    value === undefined || (typeof value === "object" && !Object.keys(value ?? {}).length);
  return Object.fromEntries(Object.entries(document).filter(([, value]) => !empty(value)));
}

const schema = await (await fetch(`${api}/schemas/intake`)).json();
createRoot(document.querySelector("#form")).render(
  <Form schema={forPeople(schema)} uiSchema={uiSchema} validator={validator} onSubmit={check} />,
);
