/**
 * What is left of ln Γ(n + 1) after Stirling's formula: ln Γ(n + 1) = (n + ½) ln n − n + ½ ln 2π + stirlingError(n), for
 * n > 0. DLMF 5.11.1 above 16; below, the recurrence Γ(n + 2) = (n + 1) Γ(n + 1) leads there.
 */
export function stirlingError(n: number): number {
  let error = 0;
  let at = n;
  for (; at < 16; at += 1) error += (at + 0.5) * Math.log1p(1 / at) - 1;
  const square = at * at;
  return error + (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / square) / square) / square) / square) / at;
}

/**
 * Γ(n + 1) / (Γ(k + 1) Γ(n − k + 1)) p^k q^(n − k) with q = 1 − p, for real 0 < k < n: a term of the binomial
 * distribution. C. Loader, "Fast and Accurate Computation of Binomial Probabilities", 2000: it keeps its digits where
 * differences of ln Γ lose them.
 */
function binomialTerm(k: number, n: number, p: number, q: number): number {
  const error = stirlingError(n) - stirlingError(k) - stirlingError(n - k);
  return Math.exp(error - deviance(k, n * p) - deviance(n - k, n * q)) * Math.sqrt(n / (2 * Math.PI * k * (n - k)));
}

/** x ln(x / m) + m − x: a series where x and m are close, so that the terms do not cancel. */
function deviance(x: number, m: number): number {
  const ratio = (x - m) / (x + m);
  if (Math.abs(ratio) >= 0.1) return x * Math.log(x / m) + m - x;
  let sum = (x - m) * ratio;
  let term = 2 * x * ratio;
  for (let odd = 3; ; odd += 2) {
    term *= ratio * ratio;
    const next = sum + term / odd;
    if (next === sum) return sum;
    sum = next;
  }
}

/**
 * The regularized incomplete beta function I_x(a, b); y is 1 − x, given so that neither loses digits. DLMF 8.17.4 (the
 * symmetry) and 8.17.22 (the continued fraction).
 */
export function regularizedBeta({ a, b, x, y }: { a: number; b: number; x: number; y: number }): number {
  if (x <= 0) return 0;
  if (y <= 0) return 1;
  return x > (a + 1) / (a + b + 2) ? 1 - lowerBeta({ a: b, b: a, x: y, y: x }) : lowerBeta({ a, b, x, y });
}

function lowerBeta({ a, b, x, y }: { a: number; b: number; x: number; y: number }): number {
  return (b / (a + b)) * binomialTerm(a, a + b, x, y) * betaFraction(a, b, x);
}

/** Lentz's method: W. J. Lentz, Applied Optics 15, 1976, as modified by Thompson and Barnett, 1986. */
function betaFraction(a: number, b: number, x: number): number {
  const step = (coefficient: number) => {
    d = 1 / nonZero(1 + coefficient * d);
    c = nonZero(1 + coefficient / c);
    fraction *= c * d;
  };
  let c = 1;
  let d = 1 / nonZero(1 - ((a + b) * x) / (a + 1));
  let fraction = d;
  // it converges after about √max(a, b) steps
  for (let m = 1; m < 1_000_000; m += 1) {
    step((m * (b - m) * x) / ((a + 2 * m - 1) * (a + 2 * m)));
    const before = fraction;
    step((-(a + m) * (a + b + m) * x) / ((a + 2 * m) * (a + 2 * m + 1)));
    if (Math.abs(fraction - before) <= Number.EPSILON * Math.abs(fraction)) break;
  }
  return fraction;
}

function nonZero(value: number): number {
  return Math.abs(value) < 1e-300 ? 1e-300 : value;
}
