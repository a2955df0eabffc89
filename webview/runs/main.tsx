import { render } from 'preact';
import { firstControl } from '../shared/frame/first-control.ts';
import { startPage } from '../shared/frame/start-page.ts';
import { hostChannel, vscodeApi } from '../shared/frame/vscode-api.ts';
import { createRuns, Runs, type RunsViewState } from './context.ts';
import './runs.css';
import { App } from './view/app.tsx';

startPage(() => firstControl('.table'));

const context = createRuns(hostChannel, vscodeApi.getState() as Partial<RunsViewState> | undefined);
context.view.subscribe(() => vscodeApi.setState(context.view.get()));

const root = document.getElementById('root');
if (root) {
  render(
    <Runs.Provider value={context}>
      <App />
    </Runs.Provider>,
    root,
  );
}
void context.start();
