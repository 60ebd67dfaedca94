// Reads manifests as a JSON list, and writes for each what Microsoft's published schema of its version has against it.
"use strict";

const { readFileSync } = require("node:fs");
const { dirname, join } = require("node:path");

const Ajv = require("ajv-draft-04").default;
const addFormats = require("ajv-formats").default;

const schemas = join(dirname(require.resolve("@microsoft/app-manifest/package.json")), "build", "json-schemas", "teams");

function faults(manifest) {
  const ajv = new Ajv({ allErrors: true, strictTypes: false });
  addFormats(ajv, ["uri", "email", "regex"]);
  const file = join(schemas, `v${manifest.manifestVersion}`, "MicrosoftTeams.schema.json");
  const valid = ajv.compile(JSON.parse(readFileSync(file, "utf-8")));
  return valid(manifest) ? [] : valid.errors.map((error) => `${error.instancePath} ${error.message}`);
}

console.log(JSON.stringify(JSON.parse(readFileSync(0, "utf-8")).map(faults)));
