// Replaces VS Code and the extension, before the panel's own script. Tests control `fakeHost`.
const copy = (value) => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

window.fakeHost = {
  calls: [],
  replies: {},
  errors: {},
  /** Responds to nothing, as while a panel loads. */
  silent: false,
  seq: 0,
  /** One numbered batch; as JSON like VS Code's own channel, so undefined values are lost. */
  send(events) {
    this.seq += 1;
    window.postMessage(copy({ kind: 'events', seq: this.seq, events }), '*');
  },
};

window.acquireVsCodeApi = () => ({
  postMessage(message) {
    const { id, method, params } = copy(message);
    const host = window.fakeHost;
    host.calls.push({ method, params });
    if (host.silent) return;
    const error = host.errors[method];
    if (method === 'snapshot') host.seq = host.replies.snapshot?.seq ?? 0;
    const value = host.replies[method];
    const answered = error ? undefined : typeof value === 'function' ? value(params) : value;
    void Promise.resolve(answered).then((found) => {
      const reply = error ? { ok: false, error } : { ok: true, value: found };
      setTimeout(() => window.postMessage(copy({ kind: 'reply', id, ...reply }), '*'), 0);
    });
  },
  getState: () => copy(JSON.parse(sessionStorage.getItem('state') ?? 'null')) ?? undefined,
  setState: (state) => sessionStorage.setItem('state', JSON.stringify(state)),
});
