import { firstControl } from '../shared/frame/first-control.ts';
import { startPage } from '../shared/frame/start-page.ts';
import { hostChannel, vscodeApi } from '../shared/frame/vscode-api.ts';
import { createPreview, PreviewProvider, type PreviewTab } from './context.ts';
import './preview.css';
import { App } from './view/app.tsx';

const context = createPreview(hostChannel);

/** The state that VS Code stores across window reloads. The host's serializer reads the path. */
interface Persisted {
  promptPath: string;
  tab: PreviewTab;
}

const saved = vscodeApi.getState() as Partial<Persisted> | undefined;
if (saved?.tab === 'request') context.tab.set('request');

function save() {
  const promptPath = context.state.get()?.prompt.path;
  if (promptPath !== undefined) vscodeApi.setState({ promptPath, tab: context.tab.get() } satisfies Persisted);
}
context.state.subscribe(save);
context.tab.subscribe(save);

startPage(
  <PreviewProvider value={context}>
    <App />
  </PreviewProvider>,
  () => firstControl('#shown-panel'),
);
void context.start();
