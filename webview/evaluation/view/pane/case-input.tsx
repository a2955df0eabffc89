import { useState } from 'preact/hooks';
import type { CaseView } from '../../../../src/protocol/evaluation.ts';
import { formatCount } from '../../../../src/shared/format.ts';
import { IconButton } from '../../../shared/controls/icon.tsx';
import { MessageView } from '../../../shared/text/message-view.tsx';
import { showControls } from '../../../shared/text/show-controls.ts';
import { useEvaluation } from '../../context.ts';
import { CaseForm } from './case-form.tsx';

/** What was asked and what was expected. */
export function CaseInput({ shown }: { shown: CaseView }) {
  const [editing, setEditing] = useState(false);
  const problem = 'problem' in shown.editing ? shown.editing.problem : undefined;
  return (
    <section class="case-part" aria-label="Inputs">
      <div class="case-part-head">
        <h3>Inputs</h3>
        {!editing && (
          <IconButton
            icon="edit"
            label="Edit Case"
            title={problem ?? 'Edit inputs, expected values and tags. The row of the dataset is changed'}
            disabled={problem !== undefined}
            onClick={() => setEditing(true)}
          />
        )}
      </div>
      {editing ? <CaseForm shown={shown} onClose={() => setEditing(false)} /> : <Content shown={shown} />}
    </section>
  );
}

function Content({ shown: { case: found } }: { shown: CaseView }) {
  const { call } = useEvaluation();
  const inputs = Object.entries(found.inputs);
  const onLink = (url: string) => void call('link.open', { url });
  return (
    <>
      {inputs.map(([name, value]) => (
        <Value key={name} name={name} text={written(value)} />
      ))}
      {inputs.length === 0 && !found.messages && <p class="dim">This case has no inputs.</p>}
      {found.messages?.map((message, index) => (
        <MessageView key={`${index}:${message.role}`} message={message} onLink={onLink} />
      ))}
      <h3>Expected</h3>
      {found.expected.length === 0 && <p class="dim">Nothing is expected.</p>}
      {found.expected.map((value, index) => (
        <Value
          key={`${index}`}
          name={found.expected.length > 1 ? `${index + 1} of ${found.expected.length}` : undefined}
          text={written(value)}
        />
      ))}
      {found.toolCalls?.map(({ name, arguments: given }) => (
        <Value key={name} name="tool call" text={`${name}(${JSON.stringify(given, null, 2)})`} />
      ))}
      {found.contexts && <Contexts contexts={found.contexts} />}
      <Others others={found.others} />
    </>
  );
}

/** Texts of this length are a few screens. The row itself has the rest. */
const MAX_SHOWN = 20_000;

function Value({ name, text }: { name: string | undefined; text: string }) {
  const cut = text.length > MAX_SHOWN;
  return (
    <div class="case-value">
      {name !== undefined && <div class="dim case-name">{name}</div>}
      <div class="plain-text" dir="auto">
        {showControls(cut ? `${text.slice(0, MAX_SHOWN)}…` : text)}
        {cut && <span class="dim"> ({formatCount(text.length, 'character')} in total)</span>}
      </div>
    </div>
  );
}

export function Contexts({ contexts }: { contexts: readonly string[] }) {
  return (
    <details class="case-contexts">
      <summary>{formatCount(contexts.length, 'context')}</summary>
      {contexts.map((context, index) => (
        <Value key={`${index}`} name={`${index + 1}`} text={context} />
      ))}
    </details>
  );
}

/** Columns that are no inputs, which prompts and metrics may read. */
function Others({ others }: Pick<CaseView['case'], 'others'>) {
  const values = Object.entries(others);
  if (values.length === 0) return null;
  return (
    <details>
      <summary>{formatCount(values.length, 'other column')}</summary>
      {values.map(([name, value]) => (
        <Value key={name} name={name} text={written(value)} />
      ))}
    </details>
  );
}

function written(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value, null, 2) ?? '');
}
