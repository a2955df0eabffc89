import { INITIAL_FORM_STATE } from '../shared/form/form-state.ts';
import { firstControl } from '../shared/frame/first-control.ts';
import { startPage } from '../shared/frame/start-page.ts';
import { hostChannel } from '../shared/frame/vscode-api.ts';
import { createObservable } from '../shared/observable.ts';
import { announceRuns } from './announce-runs.ts';
import './compare.css';
import { CompareProvider, createCompareContext } from './context.ts';
import { focusNewColumns } from './focus-new-columns.ts';
import { createSession } from './session.ts';
import { createUi, persistUi, restoreForm, restoreUi } from './ui-state.ts';
import { App } from './view/app.tsx';

const session = createSession(hostChannel);
const ui = createUi();
const form = createObservable(INITIAL_FORM_STATE);
const context = createCompareContext(session, ui, form);

// The saved view needs the columns of the first snapshot. Saving starts after it was restored.
let restored = false;
let saving: ReturnType<typeof setTimeout> | undefined;
function save() {
  const state = session.state.get();
  if (!state) return;
  if (!restored) {
    restored = true;
    ui.set(restoreUi(state));
    form.set(restoreForm(state));
  }
  if (saving !== undefined) return;
  saving = setTimeout(() => {
    saving = undefined;
    const now = session.state.get();
    if (now) persistUi(now, ui.get(), form.get());
  }, 300);
}
session.state.subscribe(save);
ui.subscribe(save);
form.subscribe(save);
announceRuns(session);
focusNewColumns(session);

startPage(
  <CompareProvider value={context}>
    <App />
  </CompareProvider>,
  () => firstControl('.columns.empty vscode-button', '.run-controls vscode-button'),
);
void session.start();
