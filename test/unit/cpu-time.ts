/**
 * Milliseconds that this thread has spent on a processor. Limits on the growth of an algorithm are measured in it, because
 * time on the clock also passes while other processes run.
 */
export function cpuTimeMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
