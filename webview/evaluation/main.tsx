import { firstControl } from '../shared/frame/first-control.ts';
import { startPage } from '../shared/frame/start-page.ts';
import { hostChannel, vscodeApi } from '../shared/frame/vscode-api.ts';
import { createEvaluation, EvaluationProvider } from './context.ts';
import './evaluation.css';
import { App } from './view/app.tsx';
import type { EvaluationViewState } from './view-state.ts';

const context = createEvaluation(hostChannel, vscodeApi.getState() as Partial<EvaluationViewState> | undefined);
context.view.subscribe(() => vscodeApi.setState(context.view.get()));

startPage(
  <EvaluationProvider value={context}>
    <App />
  </EvaluationProvider>,
  () => firstControl('.table'),
);
void context.start();
