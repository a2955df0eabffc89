import { Component, type ComponentType, type FunctionComponent, h } from 'preact';

/** Skips rendering if all props are unchanged. Preact only has this in its compat package. */
export function memo<P extends object>(view: FunctionComponent<P>): ComponentType<P> {
  return class Memo extends Component<P> {
    override shouldComponentUpdate(next: P): boolean {
      return !sameProps(this.props as Record<string, unknown>, next as Record<string, unknown>);
    }
    override render() {
      return h(view, this.props as P);
    }
  };
}

function sameProps(before: Record<string, unknown>, after: Record<string, unknown>): boolean {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  for (const key of keys) if (!Object.is(before[key], after[key])) return false;
  return true;
}
