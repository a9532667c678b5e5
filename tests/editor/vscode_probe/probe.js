// Does the steps of $STEPS in $FILE, and writes what each shows to $RESULTS.

const { writeFileSync, renameSync } = require("node:fs");
const vscode = require("vscode");

const PATIENCE = 60_000; // milliseconds

const severities = ["error", "warning", "info", "hint"];

function shown(uri) {
  return vscode.languages.getDiagnostics(uri).map((one) => ({
    source: one.source,
    code: typeof one.code === "object" ? one.code.value : one.code,
    severity: severities[one.severity],
    message: one.message,
    line: one.range.start.line + 1,
    column: one.range.start.character + 1,
  }));
}

/** Wait until something holds, and then until diagnostics have been the same for a while. */
async function until(what, condition) {
  const end = Date.now() + PATIENCE;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`waited too long for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function settled(uri) {
  let before;
  await until("the same diagnostics twice", async () => {
    const last = before;
    before = JSON.stringify(shown(uri));
    if (before !== last) await new Promise((resolve) => setTimeout(resolve, 1500));
    return before === last;
  });
}

const steps = {
  async diagnostics(document, { source }) {
    await until(`diagnostics of ${source}`, () =>
      shown(document.uri).some((one) => one.source === source),
    );
    await settled(document.uri);
    return shown(document.uri);
  },
  async complete(document, { line, character }) {
    const list = await vscode.commands.executeCommand(
      "vscode.executeCompletionItemProvider",
      document.uri,
      new vscode.Position(line, character),
    );
    return list.items.map(({ label }) => (typeof label === "string" ? label : label.label));
  },
  async fixAll(document) {
    const { version } = document;
    await vscode.commands.executeCommand("loracfg.fixAll");
    await until("the fixes", () => document.version !== version);
    await settled(document.uri);
    return document.getText();
  },
  async configure(document, { path }) {
    await vscode.workspace.getConfiguration("loracfg").update("path", path, false);
  },
  async gone(document) {
    await until("no diagnostics", () => shown(document.uri).length === 0);
  },
  async unmapped() {
    await until("the removal of the mapping", () => {
      return !vscode.workspace.getConfiguration("json").inspect("schemas").workspaceValue;
    });
  },
  async replace(document, { text }) {
    const edit = new vscode.WorkspaceEdit();
    const all = new vscode.Range(0, 0, document.lineCount, 0);
    edit.replace(document.uri, all, text);
    await vscode.workspace.applyEdit(edit);
    await settled(document.uri);
    return shown(document.uri);
  },
};

async function run() {
  const document = await vscode.workspace.openTextDocument(process.env.FILE);
  await vscode.window.showTextDocument(document);
  const results = [];
  for (const [name, options] of JSON.parse(process.env.STEPS)) {
    results.push((await steps[name](document, options ?? {})) ?? null);
  }
  return { results };
}

exports.activate = () => {
  run()
    .catch((error) => ({ problem: `${error.stack}` }))
    .then((answer) => {
      writeFileSync(`${process.env.RESULTS}.part`, JSON.stringify(answer));
      renameSync(`${process.env.RESULTS}.part`, process.env.RESULTS);
    });
};
