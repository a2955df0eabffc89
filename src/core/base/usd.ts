/**
 * An amount of money: at least two decimals, two significant digits below a dollar: $0.00034, $0.10, $12.40. Never
 * rounded away, never an exponent. `webview/shared/format.ts` has the same rule for the panels, which hold no core.
 */
export function formatUsd(usd: number): string {
  if (usd === 0) return '$0';
  const size = Math.abs(usd);
  const digits = size >= 0.995 ? 2 : Math.min(20, Math.max(2, 1 - Math.floor(Math.log10(size))));
  return `${usd < 0 ? '-' : ''}$${keepCents(size.toFixed(digits))}`;
}

/** A list price, which is exact and not rounded: $3.00, $0.10, $0.075, $0.0375. */
export function formatPrice(usd: number): string {
  return usd === 0 ? '$0' : `$${formatPriceDigits(usd)}`;
}

/** The same without the sign, for a column whose head has it. */
export function formatPriceDigits(usd: number): string {
  return keepCents(Number(usd.toPrecision(6)).toFixed(10));
}

/** `0.0040` says no more than `0.004`; both digits of the cents stay. */
function keepCents(text: string): string {
  return text.replace(/(\.\d\d\d*?)0+$/, '$1');
}
