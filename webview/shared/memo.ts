import { Component, type ComponentType, type FunctionComponent, h } from 'preact';

/** Skips rendering if all props are unchanged. Preact only has this in its compat package. */
export function memo<P extends object>(view: FunctionComponent<P>): ComponentType<P> {
  return class Memo extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      return !isSame(this.props, next);
    }
    override render() {
      return h(view, this.props as P);
    }
  };
}

/** True if both have the same values for the same keys. Values are not compared further. */
export function isSame<T extends object>(before: T, after: T): boolean {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]) as Set<keyof T>;
  for (const key of keys) if (!Object.is(before[key], after[key])) return false;
  return true;
}
