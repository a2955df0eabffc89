import type { Measured, ParameterValues, Retrieval, Scorer } from '../metric.ts';

/** What a formula has: the gain of each retrieved id in its order, and the gains of all relevant ids. */
interface Ranking {
  gains: readonly number[];
  relevant: readonly number[];
  k: number;
}

const DEFAULT_K = 10;

function createRanking(formula: (ranking: Ranking) => number) {
  return ({ k = DEFAULT_K }: ParameterValues): Scorer => ({
    score({ retrieval }): Measured {
      if (!retrieval) return { value: null, reason: 'The case has no retrieved and relevant ids.' };
      const relevant = [...retrieval.relevant.values()].filter((gain) => gain > 0);
      if (relevant.length === 0) return { value: null, reason: 'No id is relevant for this case.' };
      return { value: formula({ gains: gainsOf(retrieval), relevant, k: Number(k) }) };
    },
  });
}

/** An id that was retrieved twice counts at its first place. */
const gainsOf = ({ retrieved, relevant }: Retrieval): number[] =>
  [...new Set(retrieved)].map((id) => Math.max(0, relevant.get(id) ?? 0));

const hits = ({ gains, k }: Ranking): number => gains.slice(0, k).filter((gain) => gain > 0).length;

/** Relevant ids among the first k, divided by k, even if fewer were retrieved (trec_eval's `P_k`). */
export const createPrecisionAtK = createRanking((ranking) => hits(ranking) / ranking.k);

/** Relevant ids among the first k, divided by all relevant ids (trec_eval's `recall_k`). */
export const createRecallAtK = createRanking((ranking) => hits(ranking) / ranking.relevant.length);

/** 1 / the rank of the first relevant id, 0 if none was retrieved (trec_eval's `recip_rank`); its mean is the MRR. */
export const createReciprocalRank = createRanking(({ gains }) => {
  const first = gains.findIndex((gain) => gain > 0);
  return first < 0 ? 0 : 1 / (first + 1);
});

/** DCG_k / ideal DCG_k with linear gains and log2(rank + 1) (Järvelin and Kekäläinen 2002; trec_eval's `ndcg_cut_k`). */
export const createNdcg = createRanking(({ gains, relevant, k }) => {
  const ideal = relevant.toSorted((a, b) => b - a);
  return discounted(gains.slice(0, k)) / discounted(ideal.slice(0, k));
});

const discounted = (gains: readonly number[]): number =>
  gains.reduce((sum, gain, index) => sum + gain / Math.log2(index + 2), 0);
