// Renders /api/openapi.json: groups, operations, parameters, schemas, and a form to try each one.
"use strict";

const VERBS = ["get", "post", "put", "patch", "delete"];
let api;

function make(tag, props = {}, ...children) {
  const element = Object.assign(document.createElement(tag), props);
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

function resolve(schema) {
  let found = schema || {};
  while (found.$ref) found = api.components.schemas[found.$ref.split("/").pop()] || {};
  return found;
}

function named(schema) {
  if (!schema) return "";
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.anyOf) return schema.anyOf.map(named).join(" | ");
  if (schema.type === "array") return `[${named(schema.items)}]`;
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  return schema.format ? `${schema.type} (${schema.format})` : schema.type || "any";
}

function limits(schema) {
  const plain = resolve((schema.anyOf || [schema]).find((part) => part.type !== "null"));
  const said = [];
  if (plain.enum) said.push(plain.enum.join(", "));
  for (const [key, word] of [["minimum", "from"], ["maximum", "to"], ["minLength", "at least"],
    ["maxLength", "at most"], ["minItems", "at least"], ["maxItems", "at most"], ["pattern", "matches"]]) {
    if (plain[key] !== undefined) said.push(`${word} ${plain[key]}`);
  }
  if (schema.default !== undefined && schema.default !== null) said.push(`default ${JSON.stringify(schema.default)}`);
  return said.join("; ");
}

function example(schema, depth = 0) {
  if (schema && schema.default !== undefined) return schema.default;
  if (schema && schema.anyOf) return example(schema.anyOf.find((part) => part.type !== "null"), depth);
  const plain = resolve(schema);
  if (plain.enum) return plain.enum[0];
  if (plain.type === "array") return depth > 3 ? [] : [example(plain.items, depth + 1)];
  if (plain.type === "object") {
    if (depth > 3) return {};
    return Object.fromEntries(Object.entries(plain.properties || {}).map(([name, part]) => [name, example(part, depth + 1)]));
  }
  if (plain.type === "integer" || plain.type === "number") return plain.minimum || 0;
  if (plain.type === "boolean") return false;
  return plain.format === "uuid" ? "00000000-0000-0000-0000-000000000000" : "";
}

function fields(schema, seen = []) {
  const plain = resolve(schema);
  if (plain.type === "array") return fields(plain.items, seen);
  if (!plain.properties) return make("p", { className: "note", textContent: named(schema) });
  const rows = Object.entries(plain.properties).map(([name, part]) => {
    const must = (plain.required || []).includes(name);
    return make("tr", {},
      make("td", {}, make("code", { textContent: name, className: must ? "must" : "" })),
      make("td", { textContent: named(part) }),
      make("td", { className: "note", textContent: [part.description, limits(part)].filter(Boolean).join("; ") }));
  });
  return make("table", {}, make("tbody", {}, ...rows));
}

function tabulate(parameters) {
  const rows = parameters.map((parameter) => make("tr", {},
    make("td", {}, make("code", { textContent: parameter.name, className: parameter.required ? "must" : "" })),
    make("td", { textContent: parameter.in }),
    make("td", { textContent: named(parameter.schema) }),
    make("td", { className: "note", textContent: [parameter.schema.description, limits(parameter.schema)].filter(Boolean).join("; ") })));
  return make("table", {}, make("tbody", {}, ...rows));
}

function credentials() {
  const token = document.getElementById("token").value.trim();
  if (!token) return {};
  return token.startsWith("rv_") ? { "X-API-Key": token } : { Authorization: `Bearer ${token}` };
}

function fill(path, parameters, inputs) {
  const query = new URLSearchParams();
  let url = path;
  for (const parameter of parameters) {
    const value = inputs.get(parameter.name).value;
    if (parameter.in === "path") url = url.replace(`{${parameter.name}}`, encodeURIComponent(value));
    else if (parameter.in === "query" && value) query.append(parameter.name, value);
  }
  return query.size ? `${url}?${query}` : url;
}

async function send(verb, url, body, output) {
  const headers = credentials();
  if (body !== undefined) headers["Content-Type"] = "application/json";
  output.textContent = "…";
  try {
    const began = performance.now();
    const reply = await fetch(url, { method: verb.toUpperCase(), headers, body });
    const text = await reply.text();
    const took = Math.round(performance.now() - began);
    const shown = (reply.headers.get("content-type") || "").includes("json") && text
      ? JSON.stringify(JSON.parse(text), null, 2) : text;
    output.textContent = `${verb.toUpperCase()} ${url}\n${reply.status} ${reply.statusText} in ${took} ms\n\n${shown}`;
  } catch (error) {
    output.textContent = String(error);
  }
}

function attempt(verb, path, operation) {
  const parameters = (operation.parameters || []).filter((parameter) => parameter.in !== "header");
  const inputs = new Map();
  const form = make("form");
  for (const parameter of parameters) {
    const input = make("input", { required: Boolean(parameter.required), name: parameter.name });
    if (parameter.schema.default !== undefined && parameter.schema.default !== null) input.placeholder = parameter.schema.default;
    inputs.set(parameter.name, input);
    form.append(make("label", { textContent: parameter.name }, input));
  }
  const content = operation.requestBody && operation.requestBody.content["application/json"];
  const body = content ? make("textarea", { value: JSON.stringify(example(content.schema), null, 2), spellcheck: false }) : null;
  if (body) form.append(make("label", { textContent: "body" }, body));
  const output = make("pre", { hidden: true });
  form.append(make("button", { textContent: "Send" }), output);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    output.hidden = false;
    send(verb, fill(path, parameters, inputs), body ? body.value : undefined, output);
  });
  return form;
}

function answers(operation) {
  return Object.entries(operation.responses).map(([status, answer]) => {
    const [type, content] = Object.entries(answer.content || {})[0] || [];
    const schema = content && content.schema;
    const heading = make("p", {}, make("strong", { textContent: status }), ` ${answer.description} `,
      make("span", { className: "note", textContent: schema ? `${named(schema)} ${type}` : type || "" }));
    const known = schema && !type.includes("problem") ? make("details", {}, make("summary", { textContent: "fields" }), fields(schema)) : null;
    return make("div", {}, heading, known);
  });
}

function endless(operation) {
  return Object.values(operation.responses).some((answer) => "text/event-stream" in (answer.content || {}));
}

function open(details, verb, path, operation) {
  if (details.dataset.filled) return;
  details.dataset.filled = "yes";
  const inside = make("div");
  if (operation.description) inside.append(make("p", { textContent: operation.description }));
  const needs = operation["x-permission"];
  inside.append(make("p", { className: "note", textContent: needs ? `needs ${needs}` : "anyone may call this" }));
  if (operation.parameters) inside.append(make("h4", { textContent: "Parameters" }), tabulate(operation.parameters));
  if (operation.requestBody) {
    const schema = operation.requestBody.content["application/json"].schema;
    inside.append(make("h4", { textContent: "Body" }), fields(schema));
  }
  inside.append(make("h4", { textContent: "Answers" }), ...answers(operation));
  if (!endless(operation)) inside.append(make("h4", { textContent: "Try it" }), attempt(verb, path, operation));
  details.append(inside);
}

function entry(verb, path, operation) {
  const summary = make("summary", {},
    make("span", { className: `verb ${verb}`, textContent: verb.toUpperCase() }),
    make("span", { className: "path", textContent: path }),
    make("span", { className: "summary", textContent: operation.summary || "" }));
  const details = make("details", { className: "operation", id: operation.operationId }, summary);
  details.dataset.text = `${verb} ${path} ${operation.summary}`.toLowerCase();
  details.addEventListener("toggle", () => details.open && open(details, verb, path, operation));
  return details;
}

function group(tag) {
  const found = Object.entries(api.paths).flatMap(([path, item]) => VERBS.filter((verb) => item[verb] && item[verb].tags.includes(tag.name))
    .map((verb) => [verb, path, item[verb]]));
  const links = found.map(([verb, path, operation]) => make("a", { className: "entry", href: `#${operation.operationId}`, textContent: operation.summary, title: `${verb.toUpperCase()} ${path}` }));
  document.getElementById("contents").append(make("h2", { textContent: tag.name }), ...links);
  return make("section", {}, make("h2", { textContent: tag.name }), make("p", { className: "note", textContent: tag.description }),
    ...found.map((operation) => entry(...operation)));
}

function reveal() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  target.open = true;
  target.scrollIntoView();
}

function filter(text) {
  for (const operation of document.querySelectorAll(".operation")) operation.hidden = !operation.dataset.text.includes(text);
}

async function start() {
  const place = document.getElementById("operations");
  try {
    api = await (await fetch("/api/openapi.json")).json();
  } catch (error) {
    place.textContent = `The document cannot be read: ${error}`;
    return;
  }
  document.getElementById("title").textContent = `${api.info.title} ${api.info.version}`;
  document.getElementById("about").textContent = api.info.description;
  place.replaceChildren(...api.tags.map(group));
  document.getElementById("filter").addEventListener("input", (event) => filter(event.target.value.trim().toLowerCase()));
  addEventListener("hashchange", reveal);
  reveal();
}

start();
