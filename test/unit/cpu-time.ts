/**
 * CPU time of this thread in milliseconds. It is used to test how the cost of an algorithm grows, because
 * wall-clock time also passes while other processes run.
 */
export function cpuTimeMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
