import * as vscode from 'vscode';
import type { Message } from '../../../core/models/chat-model.ts';
import type { ParsedPrompt } from '../../../core/prompts/prompt.ts';
import type { Workbench } from '../../../core/workbench.ts';
import { recallSession } from '../../../panels/session/session-memory.ts';
import { generatedUri } from '../../host/generated-documents.ts';
import { contentOf, describeChanges, nameOf, type Side, truncate } from './compare-versions.ts';
import { pickVersion } from './pick-version.ts';
import {
  findVersionTarget,
  placeOf,
  shortName,
  showStatusMessage,
  type VersionCommandDeps,
  type VersionTarget,
} from './version-targets.ts';

/** Shows a diff of the messages of two versions, rendered with the inputs last used, or else with their defaults. */
export async function compareRendered(deps: VersionCommandDeps, argument: unknown): Promise<void> {
  const title = 'Compare Rendered Messages';
  const target = await findVersionTarget(deps, argument, title);
  if (!target) return;
  const options = { title, placeHolder: 'Select the version for the left side', without: target.version?.commit };
  const picked = await pickVersion(target, options);
  if (!picked) return;
  const left: Side = { kind: 'version', ...placeOf(target.repository, picked) };
  const right: Side = target.version ? { kind: 'version', ...target.version } : { kind: 'file', file: target.file };
  await openRendered(deps, target, { left, right });
}

async function openRendered(
  { workbenches }: VersionCommandDeps,
  target: VersionTarget,
  { left, right }: { left: Side; right: Side },
): Promise<void> {
  const workbench = await workbenches.for(target.uri);
  const { remembered } = await recallSession(workbench, target.file);
  const [before, after] = await Promise.all([contentOf(target, left), contentOf(target, right)]);
  const texts = await Promise.all(
    [left, right].map(async (side) => renderSide(workbench, await loadSide(workbench, target, side), remembered.input)),
  );
  const name = shortName(target.file);
  const [from, to] = [left, right].map((side, index) => generatedUri(`${name}@${nameOf(side)}.md`, texts[index] ?? ''));
  if (!from || !to) return;
  await vscode.commands.executeCommand('vscode.diff', from, to, `${name} rendered: ${nameOf(left)} ↔ ${nameOf(right)}`);
  showStatusMessage(`$(diff) ${truncate((await describeChanges(before, after)).join('; ')) || 'No differences.'}`);
}

async function loadSide(workbench: Workbench, { versions, file }: VersionTarget, side: Side): Promise<ParsedPrompt> {
  if (side.kind === 'version')
    return workbench.versions.history.loadPrompt(await versions.history.read(side.commit, side.file));
  const document = await vscode.workspace.openTextDocument(file);
  return workbench.prompts.load(file, document.getText());
}

/** Inputs of another version may be invalid here. Then the error is shown in place of the text. */
async function renderSide(
  workbench: Workbench,
  { prompt }: ParsedPrompt,
  remembered: Record<string, unknown> | undefined,
): Promise<string> {
  const [{ inputFields }, { readTypedInput }] = await Promise.all([
    import('../../../core/prompts/schema/input-fields.ts'),
    import('../../../core/prompts/schema/typed-input.ts'),
  ]);
  const { values } = readTypedInput(inputFields(prompt), remembered ?? {});
  const input = { ...prompt.input.defaults, ...values };
  const head = [`model: ${prompt.model?.text ?? '—'}`, ...parameterLines(prompt.parameters)];
  try {
    const { messages } = await workbench.prompts.render(prompt, { input });
    return [head.join('\n'), ...messages.map(describeMessage)].join('\n\n').concat('\n');
  } catch (error) {
    return `${head.join('\n')}\n\nCould not render the prompt: ${error instanceof Error ? error.message : String(error)}\n`;
  }
}

function parameterLines(parameters: object): string[] {
  return Object.entries(parameters)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : JSON.stringify(value)}`);
}

function describeMessage({ role, parts }: Message): string {
  const texts = parts.map((part) => (part.type === 'text' ? part.text : `[${part.type}]`));
  return `## ${role}\n\n${texts.join('\n')}`;
}
