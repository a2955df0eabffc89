import { firstControl } from '../shared/frame/first-control.ts';
import { startPage } from '../shared/frame/start-page.ts';
import { hostChannel, vscodeApi } from '../shared/frame/vscode-api.ts';
import { createRuns, RunsProvider } from './context.ts';
import './runs.css';
import type { RunsViewState } from './runs-list.ts';
import { App } from './view/app.tsx';

const context = createRuns(hostChannel, vscodeApi.getState() as Partial<RunsViewState> | undefined);
context.view.subscribe(() => vscodeApi.setState(context.view.get()));

startPage(
  <RunsProvider value={context}>
    <App />
  </RunsProvider>,
  () => firstControl('.table'),
);
void context.start();
