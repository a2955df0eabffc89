import { createRepositoryHandle } from '../../../src/core/versions/git/repository-handle.ts';
import { noteContents } from '../../../src/core/versions/results/read-results.ts';
import { saveOnce, savePorts } from './save-ports.ts';
import type { Task } from './start-process.ts';

/** A separate process that saves a version or notes results: it is killed, or races with another. */
const task: Task = JSON.parse(process.argv[2] ?? '');
const ports = savePorts(task.folder, task.recorder, process.env);

if (task.kind === 'save') {
  process.stdout.write(JSON.stringify(await saveOnce(ports, task.file)));
} else {
  const handle = createRepositoryHandle(ports);
  const context = await handle.open();
  for (const content of task.contents) await noteContents(context, [content]);
  handle.dispose();
}
