import type { ComponentChildren } from 'preact';

/** The content of a panel that is loading. */
export function LoadingPage({ role, children }: { role: 'status' | 'alert'; children: ComponentChildren }) {
  return (
    <main class="loading-page">
      <h1 class="visually-hidden">{document.title}</h1>
      <div class="page-state" role={role}>
        {children}
      </div>
    </main>
  );
}
