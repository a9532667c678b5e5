// Answers one job per line with what an editor would show.
//
// node service.mjs PACKAGES SCHEMAS
//   PACKAGES  the folder that npm installed into
//   SCHEMAS   [{"fileMatch": [...], "uri": "..."}] as JSON, as the server of an editor gets them
//
// A job: {"action": "complete" | "hover" | "diagnose", "uri": "...", "text": "...", "offset": 0}

import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const [packages, schemas] = process.argv.slice(2);
const require = createRequire(`${packages}/node_modules/`);
const { ClientCapabilities, TextDocument, getLanguageService } = require(
  "vscode-json-languageservice",
);

const service = getLanguageService({
  clientCapabilities: ClientCapabilities.LATEST,
  schemaRequestService: (uri) => readFile(fileURLToPath(uri), "utf8"),
});
service.configure({ validate: true, allowComments: true, schemas: JSON.parse(schemas) });

async function answer({ action, uri, text, offset }) {
  const document = TextDocument.create(uri, "json", 1, text);
  const parsed = service.parseJSONDocument(document);
  switch (action) {
    case "complete":
      return (await service.doComplete(document, document.positionAt(offset), parsed)).items;
    case "hover":
      return service.doHover(document, document.positionAt(offset), parsed);
    case "diagnose":
      return service.doValidation(document, parsed, { comments: "error", trailingCommas: "error" });
    default:
      throw new Error(`there is no action ${action}`);
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  let reply;
  try {
    reply = { result: await answer(JSON.parse(line)) };
  } catch (error) {
    reply = { error: `${error.stack}` };
  }
  process.stdout.write(`${JSON.stringify(reply)}\n`);
}
