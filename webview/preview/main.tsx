import { render } from 'preact';
import { firstControl } from '../shared/frame/first-control.ts';
import { rememberFocus } from '../shared/frame/focus.ts';
import { keepFocus } from '../shared/frame/keep-focus.ts';
import { liveRegion } from '../shared/frame/live-region.ts';
import { reportPanelFocus } from '../shared/frame/panel-focus.ts';
import { vscodeApi } from '../shared/frame/vscode-api.ts';
import { registerControls } from '../ui.ts';
import { createPreview, Preview, type PreviewTab } from './context.ts';
import './preview.css';
import { App } from './view/app.tsx';

registerControls();
rememberFocus();
selectAllOnce();
keepFocus(() => firstControl('#shown-panel'));
reportPanelFocus((message) => vscodeApi.postMessage(message));
liveRegion();

const context = createPreview({
  post: (message) => vscodeApi.postMessage(message),
  listen: (receive) => window.addEventListener('message', (event) => receive(event.data)),
});

/** What VS Code keeps across a reload of the window; the host's serializer reads the path. */
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

const root = document.getElementById('root');
if (root) {
  render(
    <Preview.Provider value={context}>
      <App />
    </Preview.Provider>,
    root,
  );
}
void context.start();
