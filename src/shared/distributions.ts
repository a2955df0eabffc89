import { regularizedBeta, stirlingError } from './incomplete-beta.ts';

// Tails rather than cumulative probabilities: 1 − p has no digits left where p is almost 1.

/**
 * P(Z > x) of the standard normal distribution. G. Marsaglia, "Evaluating the Normal Distribution", J. Stat. Software 11,
 * 2004 (the series near 0), and Laplace's continued fraction (DLMF 7.9.2) beyond.
 */
export function normalTail(x: number): number {
  if (x < 0) return 1 - normalTail(-x);
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI);
  if (x < 3) return 0.5 - density * normalSeries(x);
  let fraction = x;
  for (let term = 100; term > 0; term -= 1) fraction = x + term / fraction;
  return density / fraction;
}

/** x + x³/3 + x⁵/(3·5) + x⁷/(3·5·7) + … */
function normalSeries(x: number): number {
  let sum = x;
  let term = x;
  for (let odd = 3; ; odd += 2) {
    term *= (x * x) / odd;
    const next = sum + term;
    if (next === sum) return sum;
    sum = next;
  }
}

/** The x with P(Z > x) = tail, for 0 < tail ≤ 0.5. */
export function normalQuantile(tail: number): number {
  return findIncreasing((x) => tail - normalTail(x));
}

/** P(T > x) of Student's t distribution for x ≥ 0: ½ I(ν/2, ½) at ν / (ν + x²). DLMF 8.17, Abramowitz and Stegun 26.7.1. */
export function studentTail(x: number, degrees: number): number {
  const sum = degrees + x * x;
  return regularizedBeta({ a: degrees / 2, b: 0.5, x: degrees / sum, y: (x * x) / sum }) / 2;
}

/** The x with P(T > x) = tail, for 0 < tail ≤ 0.5. */
export function studentQuantile(tail: number, degrees: number): number {
  return findIncreasing((x) => tail - studentTail(x, degrees));
}

/** P(X ≤ k) of n trials with probability p. Abramowitz and Stegun 26.5.24. */
export function binomialCumulative(k: number, n: number, p: number): number {
  if (k < 0) return 0;
  return k >= n ? 1 : regularizedBeta({ a: n - k, b: k + 1, x: 1 - p, y: p });
}

/**
 * P(|T| > limit) of the noncentral t distribution, the power of a two-sided t test: the mean of
 * P(|Z + noncentrality| > limit · s) over s = √(χ²/ν). The trapezoidal rule on ln s converges exponentially, because the
 * integrand is analytic and vanishes at both ends (Trefethen and Weideman, SIAM Review 56, 2014).
 */
export function studentPower({
  noncentrality,
  degrees,
  limit,
}: {
  noncentrality: number;
  degrees: number;
  limit: number;
}): number {
  const a = degrees / 2;
  // the smallest width of what is integrated: that of the density of ln s, or that of the step from no power to full power
  const step = Math.min(1 / Math.sqrt(2 * degrees), 1 / Math.max(noncentrality, 1)) / 3;
  const scale = 2 * step * Math.sqrt(a / (2 * Math.PI)) * Math.exp(-stirlingError(a));
  const weightAt = (u: number) => Math.exp(-a * (Math.expm1(2 * u) - 2 * u));
  const powerAt = (u: number) => {
    const width = limit * Math.exp(u);
    return normalTail(width - noncentrality) + normalTail(width + noncentrality);
  };
  let sum = powerAt(0);
  for (const direction of [step, -step]) {
    for (let index = 1; ; index += 1) {
      const weight = weightAt(index * direction);
      if (weight < 1e-17) break;
      sum += weight * powerAt(index * direction);
    }
  }
  return scale * sum;
}

/**
 * The x ≥ 0 at which an increasing function crosses 0, to the last digits: the Illinois variant of the false position
 * method. M. Dowell and P. Jarratt, BIT 11, 1971.
 */
export function findIncreasing(valueAt: (x: number) => number): number {
  let low = { x: 0, value: valueAt(0) };
  let high = { x: 1, value: valueAt(1) };
  while (high.value < 0) {
    low = high;
    high = { x: high.x * 2, value: valueAt(high.x * 2) };
  }
  let previous = high;
  for (;;) {
    const x = high.x - (high.value * (high.x - low.x)) / (high.value - low.value);
    const next = { x, value: valueAt(x) };
    if (next.value === 0 || Math.abs(x - previous.x) <= 2 * Number.EPSILON * x) return x;
    // an end that stays twice in a row counts half, so that both ends approach
    const isSameSide = next.value < 0 === previous.value < 0;
    if (next.value < 0) {
      if (isSameSide) high.value /= 2;
      low = next;
    } else {
      if (isSameSide) low.value /= 2;
      high = next;
    }
    previous = next;
  }
}
