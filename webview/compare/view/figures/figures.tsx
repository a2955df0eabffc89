import type { ComponentChildren } from 'preact';
import { useRef } from 'preact/hooks';
import {
  formatDuration,
  formatRate,
  formatTokenPair,
  formatTokens,
  formatTokensExactly,
  formatUsd,
} from '../../../../src/shared/format.ts';
import { isCostEstimated } from '../../../../src/shared/is-cost-estimated.ts';
import { markSimulated } from '../../../../src/shared/simulated-cost.ts';
import { Amount } from '../../../shared/controls/amount.tsx';
import { Icon } from '../../../shared/controls/icon.tsx';
import { useTickingText } from '../../../shared/use-ticking-text.ts';
import { useCompareState } from '../../context.ts';
import { type FigureName, isLive } from '../../derived.ts';
import { costBreakdown, costDetails, NO_PRICE } from '../../describe-cost.ts';
import type { Column, Run } from '../../state.ts';

interface FigureLineProps {
  column: Column;
  run: Run;
  best: ReadonlySet<FigureName>;
}

/**
 * `0.70 s 335→82 $0.000066 ✓`: the figures that columns are compared by. A dash is only shown if a finished answer
 * lacks the figure.
 */
export function FigureLine({ run, best }: Omit<FigureLineProps, 'column'>) {
  const requestsPerDay = useCompareState((state) => state.requestsPerDay);
  const { usage = {}, usageEstimated: estimated = false, cost } = run.figures ?? {};
  const tokens = formatTokenPair(usage, { estimated, ended: run.state === 'done' });
  const usd = cost?.totalUsd;
  return (
    <span class="figures">
      <Elapsed key={run.runId} run={run} best={best.has('elapsed')} />
      {tokens !== undefined && (
        <Figure label="tokens in and out" title={tokenDetails(run)}>
          {tokens}
        </Figure>
      )}
      {(usd !== undefined || run.state === 'done') && (
        <Figure label="cost" best={best.has('cost') && 'cheapest'} title={costDetails(run, requestsPerDay)}>
          <span class="cost">
            <Amount text={formatUsd(usd, run.figures && isCostEstimated(run.figures))} />
          </span>
          {usd !== undefined && run.simulated && <span class="visually-hidden"> simulated</span>}
        </Figure>
      )}
      {run.schemaCheck?.valid && (
        <span class="schema valid" title="The answer matches the output schema">
          <Icon name="pass" />
          <span class="visually-hidden">matches the schema</span>
        </span>
      )}
    </span>
  );
}

/** The clock runs here between updates from the host, each of which sets it. */
function Elapsed({ run, best }: { run: Run; best: boolean }) {
  const known = run.figures?.elapsedMs;
  const start = run.startedAt === undefined ? 0 : Math.max(0, Date.now() - run.startedAt);
  const base = useRef({ known, at: performance.now(), ms: known ?? start });
  if (known !== undefined && known !== base.current.known) base.current = { known, at: performance.now(), ms: known };
  const live = isLive(run);
  const element = useTickingText(() => {
    if (!live) return formatDuration(known);
    return formatDuration(base.current.ms + performance.now() - base.current.at);
  }, live);
  const { ttftMs, tokensPerSecond } = run.figures ?? {};
  const title = [
    'elapsed',
    ttftMs !== undefined && `time to first token ${formatDuration(ttftMs)}`,
    tokensPerSecond !== undefined && `speed ${formatRate(tokensPerSecond)}`,
  ];
  if (!live && known === undefined) return null;
  return (
    <Figure label="elapsed" best={best && 'fastest'} title={title.filter(Boolean).join('\n')}>
      <span ref={element} />
    </Figure>
  );
}

function tokenDetails({ figures }: Run): string {
  const { usage = {}, usageEstimated = false } = figures ?? {};
  const parts: [string, number | undefined][] = [
    ['read from the cache', usage.cacheReadTokens],
    ['written to the cache', usage.cacheWriteTokens],
    ['reasoning', usage.reasoningTokens],
  ];
  return [
    `${formatTokensExactly(usage.inputTokens, usageEstimated)} input tokens, ${formatTokensExactly(usage.outputTokens, usageEstimated)} output tokens`,
    ...parts.flatMap(([name, tokens]) => (tokens ? [`including ${formatTokensExactly(tokens)} ${name}`] : [])),
  ].join('\n');
}

function costLines({ figures, simulated }: Run, requestsPerDay: number): string[] {
  const breakdown = costBreakdown(figures, requestsPerDay);
  if (!breakdown) return figures?.usage.outputTokens === undefined ? [] : [NO_PRICE];
  const total = markSimulated(breakdown.total, simulated);
  return [`cost ${[total, ...breakdown.parts].join(' · ')}`, ...breakdown.notes];
}

/** All figures of a run, each with its name, in the row that the button expands. */
export function FigureDetails({ column, run, best }: FigureLineProps) {
  const requestsPerDay = useCompareState((state) => state.requestsPerDay);
  const { usage = {}, usageEstimated = false, ttftMs, tokensPerSecond } = run.figures ?? {};
  return (
    <div class="figure-details">
      <Figure label="time to first token" best={best.has('ttft') && 'shortest'}>
        <Name of="ttft" /> <Amount text={formatDuration(ttftMs)} />
      </Figure>
      <Figure label="speed" best={best.has('rate') && 'highest'}>
        {tokensPerSecond === undefined && <Name of="tok/s" />} <Amount text={formatRate(tokensPerSecond)} />
      </Figure>
      <Figure label="input tokens">
        <Name of="in" /> <Amount text={formatTokens(usage.inputTokens, usageEstimated)} />
        <Part name="read from the cache" short="c" tokens={usage.cacheReadTokens} />
        <Part name="written to the cache" short="w" tokens={usage.cacheWriteTokens} />
      </Figure>
      <Figure label="output tokens">
        <Name of="out" /> <Amount text={formatTokens(usage.outputTokens, usageEstimated)} />
        <Part name="reasoning" short="r" tokens={usage.reasoningTokens} />
      </Figure>
      {run.servedModel !== undefined && run.servedModel !== column.model.slice(column.model.indexOf('/') + 1) && (
        <Figure label="served by" wide>
          <Name of="served by" /> {run.servedModel}
        </Figure>
      )}
      {run.finishReason !== undefined && (
        <Figure label="finish reason" wide>
          <Name of="finish" /> {run.finishReason}
        </Figure>
      )}
      <div class="cost-details dim">
        {costLines(run, requestsPerDay).map((line) => (
          <div key={line}>{line}</div>
        ))}
      </div>
    </div>
  );
}

/** Screen readers use the label of the figure instead. */
function Name({ of }: { of: string }) {
  return (
    <span class="dim" aria-hidden="true">
      {of}
    </span>
  );
}

function Part({ name, short, tokens }: { name: string; short: string; tokens: number | undefined }) {
  if (!tokens) return null;
  return (
    <span class="dim" title={`including ${formatTokensExactly(tokens)} ${name}`}>
      {` (${short} ${formatTokens(tokens)})`}
    </span>
  );
}

interface FigureProps {
  label: string;
  /** The text for the best value of all columns, shown in bold and read by screen readers. */
  best?: string | false;
  title?: string;
  wide?: boolean;
  children: ComponentChildren;
}

function Figure({ label, best, title, wide, children }: FigureProps) {
  return (
    <span
      class={['figure', best && 'best', wide && 'wide'].filter(Boolean).join(' ')}
      title={[best && `${best} of all columns`, title ?? label].filter(Boolean).join('\n')}
    >
      <span class="visually-hidden">{label} </span>
      {children}
      {best && <span class="visually-hidden">, {best}</span>}
    </span>
  );
}
