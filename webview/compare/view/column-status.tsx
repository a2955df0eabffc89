import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import { formatRate, formatSeconds, formatTokens, formatUsd } from '../../shared/format.ts';
import { Icon, IconButton } from '../../shared/icon.tsx';
import { useTicking } from '../../shared/ticker.ts';
import { useCompare, useCompareState } from '../context.ts';
import { type FigureName, isCostEstimated, isLive } from '../derived.ts';
import { overridesText } from '../parameter-draft.ts';
import { runBlocked } from '../run-blocked.ts';
import type { Column, Run } from '../state.ts';
import { costDetails, estimateWords, stateWords } from '../words.ts';
import { Repeats } from './repeats.tsx';
import { SchemaProblems, Warnings } from './warnings.tsx';

interface StatusProps {
  column: Column;
  run: Run | undefined;
  best: ReadonlySet<FigureName>;
}

/** State and figures of the shown run; before the first one, what it would take. */
export function ColumnStatus({ column, run, best }: StatusProps) {
  return (
    <div class="status">
      <div class="status-row">
        <StateWord run={run} />
        {run && <Elapsed key={run.runId} run={run} best={best.has('elapsed')} />}
        <span class="spacer" />
        <RunButton column={column} />
      </div>
      {run?.retry && <Retry key={`${run.runId}:${run.retry.attempt}`} retry={run.retry} />}
      {run?.figures ? <Figures run={run} best={best} /> : <Estimate column={column} />}
      <Overrides column={column} />
      <Repeats column={column} run={run} />
      {run && <Warnings warnings={run.warnings} />}
      {run?.schemaCheck?.valid === false && <SchemaProblems problems={run.schemaCheck.problems} />}
    </div>
  );
}

function StateWord({ run }: { run: Run | undefined }) {
  const { word, icon } = stateWords(run);
  return (
    <span
      class={`state state-${run?.state ?? 'none'}`}
      title={run?.finishReason && `Finish reason: ${run.finishReason}`}
    >
      <Icon name={icon} spin={icon === 'loading'} /> {word}
    </span>
  );
}

/** The clock runs here between the host's figures; it is set by each of them. */
function Elapsed({ run, best }: { run: Run; best: boolean }) {
  const known = run.figures?.elapsedMs;
  const start = run.startedAt === undefined ? 0 : Math.max(0, Date.now() - run.startedAt);
  const base = useRef({ known, ms: known ?? start, at: performance.now() });
  if (base.current.known !== known) base.current = { known, ms: known ?? start, at: performance.now() };
  const live = isLive(run);
  const element = useTicking(() => {
    if (!live) return formatSeconds(known);
    return formatSeconds(base.current.ms + performance.now() - base.current.at);
  }, live);
  return (
    <Figure label="elapsed" best={best && 'fastest'}>
      <span ref={element} />
    </Figure>
  );
}

function Retry({ retry }: { retry: NonNullable<Run['retry']> }) {
  // By the clock of this page: the host's may differ.
  const until = useRef(
    performance.now() + Math.max(0, Math.min(retry.waitMs, retry.since + retry.waitMs - Date.now())),
  );
  const what = retry.error.status ?? retry.error.message;
  const element = useTicking(() => {
    const seconds = Math.ceil((until.current - performance.now()) / 1000);
    return seconds > 0 ? `${what}, retry in ${seconds} s` : `${what}, trying again`;
  }, true);
  return (
    <div class="retry" title={`${retry.error.message}\nAttempt ${retry.attempt}`}>
      <Icon name="history" /> <span ref={element} />
    </div>
  );
}

function RunButton({ column }: { column: Column }) {
  const { call } = useCompare();
  const blocked = useCompareState((state) => runBlocked({ ...state, running: false }));
  const { id: columnId } = column;
  if (column.runs.some(isLive)) {
    return <IconButton icon="debug-stop" label="Stop this column" onClick={() => call('run.stop', { columnId })} />;
  }
  const label = column.runs.length > 0 ? 'Run this column again' : 'Run this column';
  return (
    <IconButton
      icon={column.runs.length > 0 ? 'debug-restart' : 'play'}
      label={label}
      title={blocked ?? label}
      disabled={blocked !== undefined}
      onClick={() => call('run.start', { columnId })}
    />
  );
}

/** What this column sets other than the file does. */
function Overrides({ column }: { column: Column }) {
  const overrides = overridesText(column.parameters, column.promptCaching);
  if (!overrides) return null;
  return (
    <div class="overrides dim" title={overrides}>
      {overrides}
    </div>
  );
}

function Estimate({ column }: { column: Column }) {
  const words = estimateWords(column.estimate);
  const limit = column.estimate?.maxOutputTokens;
  if (words.length === 0) return null;
  return (
    <div
      class="figures dim"
      title={`Estimated before the run${limit === undefined ? '' : `; at most if the output reaches ${formatTokens(limit)} tokens`}`}
    >
      {words.map((word) => (
        <span key={word}>{word}</span>
      ))}
    </div>
  );
}

function Figures({ run, best }: { run: Run; best: ReadonlySet<FigureName> }) {
  const requestsPerDay = useCompareState((state) => state.requestsPerDay);
  const { usage = {}, usageEstimated = false, cost, ttftMs, tokensPerSecond } = run.figures ?? {};
  return (
    <div class="figures run-figures">
      <Figure label="speed" best={best.has('rate') && 'highest'}>
        {tokensPerSecond === undefined && <Unit name="tok/s" />}
        {formatRate(tokensPerSecond)}
      </Figure>
      <Figure label="time to first token" best={best.has('ttft') && 'shortest'}>
        <span class="dim">ttft</span> {formatSeconds(ttftMs)}
      </Figure>
      <Figure label="input tokens">
        <span class="dim">in</span> {formatTokens(usage.inputTokens, usageEstimated)}
        <Part name="read from the cache" short="c" tokens={usage.cacheReadTokens} />
        <Part name="written to the cache" short="w" tokens={usage.cacheWriteTokens} />
      </Figure>
      <Figure label="output tokens">
        <span class="dim">out</span> {formatTokens(usage.outputTokens, usageEstimated)}
        <Part name="reasoning" short="r" tokens={usage.reasoningTokens} />
      </Figure>
      <Figure label="cost" best={best.has('cost') && 'cheapest'} title={costDetails(run.figures, requestsPerDay)}>
        {cost?.totalUsd === undefined && <Unit name="cost" />}
        <span class="cost">{formatUsd(cost?.totalUsd, run.figures && isCostEstimated(run.figures))}</span>
      </Figure>
      {run.schemaCheck?.valid && (
        <span class="schema valid" title="The answer fits the prompt's schema">
          <Icon name="pass" /> <span class="visually-hidden">fits the </span>schema
        </span>
      )}
    </div>
  );
}

/** Says of what the dash is; a screen reader has heard it from the figure's label. */
function Unit({ name }: { name: string }) {
  return (
    <span class="dim" aria-hidden="true">
      {name}{' '}
    </span>
  );
}

function Part({ name, short, tokens }: { name: string; short: string; tokens: number | undefined }) {
  if (!tokens) return null;
  return (
    <span class="dim" title={`of them ${formatTokens(tokens)} ${name}`}>
      {` (${short} ${formatTokens(tokens)})`}
    </span>
  );
}

interface FigureProps {
  label: string;
  /** The word for being the best of all columns. */
  best?: string | false;
  title?: string;
  children: ComponentChildren;
}

function Figure({ label, best, title, children }: FigureProps) {
  return (
    <span
      class={best ? 'figure best' : 'figure'}
      title={[best && `${best} of all columns`, title ?? label].filter(Boolean).join('\n')}
    >
      <span class="visually-hidden">{label} </span>
      {children}
      {best && <span class="visually-hidden">, {best}</span>}
    </span>
  );
}
