import { useEffect, useRef } from 'preact/hooks';
import { cancelDraw, requestDraw } from '../frame/frame.ts';
import { drawMarkdown } from '../markdown/draw-markdown.ts';
import { type Drawing, drawPlainText } from './draw-plain-text.ts';
import type { TextKind, TextStore } from './text-store.ts';

interface TextViewProps {
  texts: TextStore;
  runId: string;
  kind: TextKind;
  as: 'text' | 'markdown';
  live: boolean;
  label: string;
  /** Called after each frame in which something was drawn. */
  onDrawn: () => void;
  onLink: (url: string) => void;
}

/** The text of a run. It renders once, and frames append to it without Preact. */
export function TextView({ texts, runId, kind, as, live, label, onDrawn, onLink }: TextViewProps) {
  const root = useRef<HTMLDivElement>(null);
  const drawn = useRef(onDrawn);
  drawn.current = onDrawn;
  const drawing = useRef<Drawing | undefined>(undefined);

  useEffect(() => {
    if (!root.current) return;
    const read = () => texts.get(runId, kind);
    const task = as === 'markdown' ? drawMarkdown(root.current, read) : drawPlainText(root.current, read);
    task.settle = () => drawn.current();
    drawing.current = task;
    const unsubscribe = texts.subscribe(runId, kind, () => requestDraw(task));
    requestDraw(task);
    const element = root.current;
    const unlisten = listenForLinks(element, onLink);
    return () => {
      unlisten();
      unsubscribe();
      cancelDraw(task);
      element.replaceChildren();
    };
  }, [texts, runId, kind, as]);

  useEffect(() => {
    if (live || !drawing.current) return;
    drawing.current.finish();
    requestDraw(drawing.current);
  }, [live, runId, kind, as]);

  return (
    <div ref={root} role="document" class={as === 'markdown' ? 'answer-markdown' : 'answer-text'} aria-label={label} />
  );
}

/** Links are elements without an `href`. A click or Enter on one is passed on. */
function listenForLinks(root: HTMLElement, onLink: (url: string) => void): () => void {
  const open = (event: Event) => {
    if (event instanceof KeyboardEvent && event.key !== 'Enter') return;
    const link = event.target instanceof Element ? event.target.closest<HTMLElement>('[data-url]') : null;
    if (!link?.dataset.url) return;
    event.preventDefault();
    event.stopPropagation();
    onLink(link.dataset.url);
  };
  root.addEventListener('click', open);
  root.addEventListener('keydown', open);
  return () => {
    root.removeEventListener('click', open);
    root.removeEventListener('keydown', open);
  };
}
