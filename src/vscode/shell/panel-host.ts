import * as vscode from 'vscode';
import type { Log } from '../../core/base/ports.ts';
import { NamedTitles } from '../../panels/session/named-titles.ts';
import { PanelTitles } from '../../panels/session/panel-titles.ts';
import type { ParamChecks } from '../../protocol/checks.ts';
import type { Methods } from '../../protocol/rpc.ts';
import type { Workbenches } from '../host/workbenches.ts';
import { followPanelFocus } from './panels/panel-focus.ts';
import { panelHtml } from './panels/panel-html.ts';
import { rememberPanelPrompt } from './panels/panel-prompts.ts';
import { eventSender, type SendEvents } from './panels/send-events.ts';
import { type Handlers, serve } from './serve.ts';

/** What every panel of the extension needs. */
export interface PanelDeps {
  extensionUri: vscode.Uri;
  workbenches: Workbenches;
  log: Log;
}

/** The content of one panel. It is disposed with the panel. */
export interface PanelContent<Session, M extends Methods<M>> {
  session: Session;
  handlers: Handlers<M>;
  subscriptions: vscode.Disposable[];
}

/** A kind of panel, such as Compare. `Target` is what a panel of this kind can be opened for. */
interface PanelKind<Target, Session, Event, M extends Methods<M>> {
  viewType: string;
  /** The script and style sheet in `dist/webview`. */
  page: string;
  /** The title, or its first part before the name of the prompt. */
  title: string;
  /** A file in `media/icons`, without its theme. */
  icon: string;
  column(): vscode.ViewColumn;
  /** True if the editor keeps the focus when the panel opens. */
  preserveFocus: boolean;
  /** Targets with the same key share a panel. */
  keyOf(target: Target): string;
  /** The prompt of the panel. It is part of the title, and commands apply to it while the panel is active. */
  promptOf(target: Target): vscode.Uri | undefined;
  /** What a panel without a prompt shows, for its title. */
  nameOf?(session: Session): string;
  /** Added while another panel has the same name: which of them it is. */
  detailOf?(session: Session): string;
  checks: ParamChecks<M>;
  open(deps: PanelDeps, target: Target, send: SendEvents<Event>): Promise<PanelContent<Session, M>>;
}

interface PanelHost<Target, Session> {
  /** Opens the panel of a target, or shows the one that is open. */
  open(deps: PanelDeps, target: Target): Promise<{ session: Session; isNew: boolean }>;
  /** Fills a panel that VS Code restored. If a target cannot be opened, the next one is tried. */
  restore(deps: PanelDeps, panel: vscode.WebviewPanel, targets: readonly [Target, ...Target[]]): Promise<void>;
  /** The session of the active panel, else of a visible one. */
  inFront(): Promise<Session | undefined>;
}

interface OpenPanel<Session> {
  key: string;
  panel: vscode.WebviewPanel;
  session: Promise<Session>;
}

/** The panels of one kind: opens and restores them, and manages their titles, pages and disposal. */
export function createPanelHost<Target, Session extends vscode.Disposable, Event, M extends Methods<M>>(
  kind: PanelKind<Target, Session, Event, M>,
): PanelHost<Target, Session> {
  const open = new Set<OpenPanel<Session>>();
  const titles = new PanelTitles<vscode.WebviewPanel>(kind.title);
  const names = new NamedTitles<vscode.WebviewPanel>(kind.title);

  function attach(deps: PanelDeps, panel: vscode.WebviewPanel, targets: readonly [Target, ...Target[]]) {
    const [target] = targets;
    const prompt = kind.promptOf(target);
    if (prompt) {
      titles.add(panel, vscode.workspace.asRelativePath(prompt));
      rememberPanelPrompt(panel, prompt);
    }
    const own = { key: kind.keyOf(target), panel, session: fill(kind, deps, { panel, targets, names }) };
    open.add(own);
    panel.onDidDispose(() => {
      open.delete(own);
      titles.remove(panel);
      names.remove(panel);
    });
    // A panel that failed to load is closed, so that the next attempt opens a new one.
    own.session.catch(() => panel.dispose());
    return own.session;
  }

  return {
    async open(deps, target) {
      const key = kind.keyOf(target);
      const found = [...open].find((other) => other.key === key);
      if (found) {
        found.panel.reveal(undefined, kind.preserveFocus);
        return { session: await found.session, isNew: false };
      }
      const place = { viewColumn: kind.column(), preserveFocus: kind.preserveFocus };
      const panel = vscode.window.createWebviewPanel(kind.viewType, kind.title, place, webviewOptions(deps));
      return { session: await attach(deps, panel, [target]), isNew: true };
    },
    async restore(deps, panel, targets) {
      panel.webview.options = webviewOptions(deps);
      await attach(deps, panel, targets);
    },
    async inFront() {
      return findInFront([...open])?.session.catch(() => undefined);
    },
  };
}

function findInFront<Session>(open: readonly OpenPanel<Session>[]): OpenPanel<Session> | undefined {
  return open.find(({ panel }) => panel.active) ?? open.find(({ panel }) => panel.visible);
}

function webviewOptions({ extensionUri }: PanelDeps): vscode.WebviewOptions {
  return { enableScripts: true, localResourceRoots: [vscode.Uri.joinPath(extensionUri, 'dist', 'webview')] };
}

interface Filling<Target> {
  panel: vscode.WebviewPanel;
  targets: readonly [Target, ...Target[]];
  names: NamedTitles<vscode.WebviewPanel>;
}

async function fill<Target, Session extends vscode.Disposable, Event, M extends Methods<M>>(
  kind: PanelKind<Target, Session, Event, M>,
  deps: PanelDeps,
  { panel, targets, names }: Filling<Target>,
): Promise<Session> {
  let isClosed = false;
  panel.onDidDispose(() => {
    isClosed = true;
  });
  const send = eventSender<Event>(panel.webview);
  const { session, handlers, subscriptions } = await openFirst(
    targets,
    (target) => kind.open(deps, target, send),
    deps,
  );
  const content = vscode.Disposable.from(session, ...subscriptions);
  if (isClosed) {
    content.dispose();
    throw new DOMException('The panel was closed before it could be shown', 'AbortError');
  }
  const requests = serve(panel.webview, { handlers, checks: kind.checks }, deps.log);
  panel.onDidDispose(() => vscode.Disposable.from(requests, content).dispose());
  followPanelFocus(panel);
  if (kind.nameOf) names.add(panel, { name: kind.nameOf(session), detail: kind.detailOf?.(session) });
  const icon = (theme: string) => vscode.Uri.joinPath(deps.extensionUri, 'media', 'icons', `${kind.icon}-${theme}.svg`);
  panel.iconPath = { light: icon('light'), dark: icon('dark') };
  panel.webview.html = panelHtml(panel.webview, deps.extensionUri, { name: kind.page, title: panel.title });
  return session;
}

async function openFirst<Target, Content>(
  [target, ...others]: readonly [Target, ...Target[]],
  open: (target: Target) => Promise<Content>,
  { log }: Pick<PanelDeps, 'log'>,
): Promise<Content> {
  const [next, ...rest] = others;
  if (next === undefined) return open(target);
  try {
    return await open(target);
  } catch (error) {
    log.warn(`Could not restore a panel as it was: ${String(error)}`);
    return openFirst([next, ...rest], open, { log });
  }
}
