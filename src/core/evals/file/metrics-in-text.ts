import { isSeq, parseDocument } from 'yaml';
import { isRecord } from '../../../shared/is-record.ts';
import { placeInConfig } from '../../config/config-place.ts';
import { topLevelPart } from './top-level-part.ts';

/** What an evaluation file that is being written says about metrics. */
export interface MetricsInText {
  /** The metric of the map around an offset, without its options; undefined before it is written. */
  current: string | undefined;
  /** The names that gates can refer to. */
  names: string[];
}

export function metricsInText(text: string, offset: number): MetricsInText {
  const { path = [], siblings = [] } = placeInConfig(text, offset) ?? {};
  const isMetric = path[0] === 'metrics' && path.length === 2;
  const current = isMetric ? siblings.find(({ name }) => name === 'metric')?.value?.split(':')[0] : undefined;
  return { current, names: namesIn(text) };
}

/** Of an incomplete file, those that can be read. */
function namesIn(text: string): string[] {
  const metrics: unknown = parseDocument(topLevelPart(text, 'metrics') ?? text, { logLevel: 'silent' }).get('metrics');
  const items: unknown[] = isSeq(metrics) ? metrics.toJSON() : [];
  return items.flatMap((item) => {
    const name = isRecord(item) ? (item.name ?? item.metric) : item;
    return typeof name === 'string' ? [name] : [];
  });
}
