import { afterEach } from 'vitest';
import type { VersionPorts } from '../../../src/core/versions/context.ts';
import { createVersions } from '../../../src/core/versions/create-versions.ts';
import type { Versions } from '../../../src/core/versions/versions.ts';
import type { TemporaryRepository } from './temporary-repository.ts';

const opened: Versions[] = [];

afterEach(async () => {
  for (const versions of opened.splice(0)) await versions.dispose();
});

/** Versions of a repository, created like a host does; disposed after the test. */
export function openVersions(repository: TemporaryRepository, changes?: Partial<VersionPorts>): Versions {
  const versions = createVersions(repository.ports(changes));
  opened.push(versions);
  return versions;
}
