// Runs in the real extension host: types into the large prompt, and prints how long its diagnostics take to be published.
const { appendFileSync } = require('node:fs');
const { performance } = require('node:perf_hooks');
const { setTimeout: sleep } = require('node:timers/promises');
const vscode = require('vscode');

const KEYS = 60;
const WARM_UP = 15;
/** The pause of a fast typist between two keys, and a key that is held down. */
const TYPING_MS = 150;
const HELD_MS = 33;
/** Until a file that was just opened or reverted is highlighted and counted. */
const SETTLE_MS = 2000;

const quantile = (values, share) =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))];

const published = (uri) =>
  vscode.languages
    .getDiagnostics(uri)
    .map(({ message }) => message)
    .join('\n');

/** The event of the API is debounced by 50 ms, so the published diagnostics are polled instead. */
async function untilTold(uri, name) {
  for (const end = performance.now() + 60_000; !published(uri).includes(`${name}`); await sleep(1)) {
    if (performance.now() > end) throw new Error(`No diagnostic of ${name} came: ${published(uri)}`);
  }
}

/** With an edit: reverting does nothing if the file was saved meanwhile, and the next letters would go elsewhere. */
async function takeBack(editor, { from, to, text }) {
  const at = (offset) => editor.document.positionAt(offset);
  const done = await editor.edit((edit) => edit.replace(new vscode.Range(at(from), at(to)), text));
  if (!done) throw new Error('The letters could not be taken back.');
}

/** Milliseconds from each key to the diagnostic with the new name of the variable. */
async function type(document, { keys, pauseMs }) {
  const times = [];
  const original = document.getText();
  let name = 'field_120';
  const start = original.indexOf(`{{${name}}}`) + 2;
  if (start < 2) throw new Error(`The letters of the last round are still there: {{${name}}} is missing.`);
  const editor = vscode.window.activeTextEditor;
  const at = document.positionAt(start + name.length);
  editor.revealRange(new vscode.Range(at, at), vscode.TextEditorRevealType.InCenter);
  editor.selection = new vscode.Selection(at, at);
  await sleep(SETTLE_MS);
  for (let key = 0; key < keys; key++) {
    const letter = String.fromCharCode(97 + (key % 26));
    name += letter;
    const pressed = performance.now();
    void vscode.commands.executeCommand('type', { text: letter });
    await untilTold(document.uri, name);
    times.push(performance.now() - pressed);
    await sleep(Math.max(0, pauseMs - (performance.now() - pressed)));
  }
  await takeBack(editor, { from: start, to: start + name.length, text: 'field_120' });
  if (document.getText() !== original) throw new Error('A key that was typed is lost, or was typed elsewhere.');
  return times;
}

exports.run = async () => {
  const report = (name, value, target) => {
    const figure = { name, value: Number(value.toPrecision(3)), unit: 'ms', ...(target && { target }) };
    appendFileSync(process.env.VSCODE_TEST_OUT, `${JSON.stringify(figure)}\n`);
  };
  const [file] = await vscode.workspace.findFiles('**/large.prompt');
  const document = await vscode.workspace.openTextDocument(file);
  await vscode.window.showTextDocument(document);
  await type(document, { keys: WARM_UP, pauseMs: TYPING_MS });
  const typed = await type(document, { keys: KEYS, pauseMs: TYPING_MS });
  report('keystroke to published diagnostics, 2,000 lines, median', quantile(typed, 0.5), '<= 50');
  report('keystroke to published diagnostics, 2,000 lines, p95', quantile(typed, 0.95));
  const held = await type(document, { keys: KEYS, pauseMs: HELD_MS });
  report('the same with a key held down, median', quantile(held, 0.5));
};
