// Runs `loracfg lsp` for the configs of adapters, and shows its state.

const { existsSync } = require("node:fs");
const path = require("node:path");
const vscode = require("vscode");
const { LanguageClient, State } = require("vscode-languageclient/node");

const DOCUMENTS = [
  { scheme: "file", pattern: "**/adapter_config.json" },
  { scheme: "file", pattern: "**/loracfg.toml" },
];
// Which of these files are configs of training tools, the server finds out.
const TRAINERS = [
  { scheme: "file", language: "yaml" },
  { scheme: "file", language: "json" },
  { scheme: "file", language: "shellscript" },
];
// What VS Code reports in every JSON file: syntax errors and keys that appear twice.
const REPORTED_BY_VSCODE = new Set(["LC011", "LC012", "LC016", "LC017"]);
const SCHEMA = "/adapter_config.schema.json";

let client;
let starts;
let status;

function activate(context) {
  const output = vscode.window.createOutputChannel("loracfg", { log: true });
  status = vscode.languages.createLanguageStatusItem("loracfg", [...DOCUMENTS, ...TRAINERS]);
  status.name = "loracfg";
  context.subscriptions.push(
    output,
    status,
    vscode.commands.registerCommand("loracfg.restart", () => restart(output)),
    vscode.commands.registerCommand("loracfg.fixAll", fixAll),
    vscode.commands.registerCommand("loracfg.showOutput", () => output.show()),
    vscode.workspace.onDidOpenTextDocument((document) => startFor([document], output)),
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (starts && event.affectsConfiguration("loracfg")) restart(output);
    }),
  );
  return startFor(vscode.workspace.textDocuments, output);
}

function deactivate() {
  return client?.dispose();
}

/** Start the server when the first file that is certainly for it is open. */
function startFor(documents, output) {
  const ours = documents.some((document) => vscode.languages.match(DOCUMENTS, document));
  return ours && !starts ? restart(output) : undefined;
}

/** Starts wait for one another, since each ends the server before. */
function restart(output) {
  starts = (starts ?? Promise.resolve()).then(() => start(output));
  return starts;
}

async function start(output) {
  await client?.dispose().catch(() => {}); // it may not have started
  const program = findProgram();
  show("starting", program.command);
  client = new LanguageClient("loracfg", "loracfg", program, {
    documentSelector: [...DOCUMENTS, ...TRAINERS],
    outputChannel: output,
    initializationFailedHandler: () => false,
    middleware: { handleDiagnostics },
  });
  const current = client;
  client.onDidChangeState(({ newState }) => {
    if (newState === State.Stopped && client === current) show("stopped");
  });
  try {
    await client.start();
    show("running", client.initializeResult?.serverInfo?.version);
    offerToRemoveSchema();
  } catch (error) {
    show("failed", error.message);
    offerSettings(program.command);
  }
}

/** A path leads from the folder; a name is searched in its virtual environment, then on PATH. */
function findProgram() {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const root = folder?.scheme === "file" ? folder.fsPath : undefined;
  const settings = vscode.workspace.getConfiguration("loracfg", folder);
  const args = ["lsp", ...settings.get("arguments")];
  const chosen = settings.get("path");
  if (!root) return { command: chosen, args };
  if (/[\\/]/.test(chosen)) return { command: path.resolve(root, chosen), args };
  const installed = path.join(root, ".venv", ...programIn(chosen));
  return { command: existsSync(installed) ? installed : chosen, args };
}

function programIn(name) {
  return process.platform === "win32" ? ["Scripts", `${name}.exe`] : ["bin", name];
}

function handleDiagnostics(uri, diagnostics, next) {
  const json = uri.path.endsWith(".json") && validatesJson(uri);
  next(uri, json ? diagnostics.filter((one) => !REPORTED_BY_VSCODE.has(codeOf(one))) : diagnostics);
}

function validatesJson(uri) {
  const on = vscode.workspace.getConfiguration("json", uri).get("validate.enable");
  return on !== false && vscode.extensions.getExtension("vscode.json-language-features");
}

function codeOf({ code }) {
  return typeof code === "object" ? code.value : code;
}

async function fixAll() {
  await vscode.commands.executeCommand("editor.action.sourceAction", {
    kind: "source.fixAll.loracfg",
    apply: "first",
  });
}

function show(state, detail) {
  const failed = state === "failed" || state === "stopped";
  status.text = `loracfg: ${state}`;
  status.detail = detail;
  status.busy = state === "starting";
  status.severity = vscode.LanguageStatusSeverity[failed ? "Error" : "Information"];
  status.command = failed
    ? { title: "Restart", command: "loracfg.restart" }
    : { title: "Show output", command: "loracfg.showOutput" };
}

async function offerSettings(command) {
  const open = "Open settings";
  const message =
    `\`${command} lsp\` cannot be started. Install it with \`pip install 'loracfg[lsp]'\`, ` +
    "or set `loracfg.path`.";
  if ((await vscode.window.showErrorMessage(message, open)) === open) {
    await vscode.commands.executeCommand("workbench.action.openSettings", "loracfg.path");
  }
}

/** With the schema mapped as well, the same problem appears twice. */
async function offerToRemoveSchema() {
  const settings = vscode.workspace.getConfiguration("json");
  const mapped = settings.inspect("schemas")?.workspaceValue;
  const others = mapped?.filter(({ url }) => !url?.endsWith(SCHEMA));
  if (!mapped || others.length === mapped.length) return;
  const remove = "Remove the mapping";
  const message =
    "The settings of this workspace also map the JSON Schema of adapter configs, " +
    "so that problems appear twice.";
  if ((await vscode.window.showWarningMessage(message, remove)) === remove) {
    await settings.update("schemas", others.length ? others : undefined, false);
  }
}

module.exports = { activate, deactivate };
