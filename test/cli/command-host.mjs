// Runs command lines one after another in one process: node command-host.mjs <built command>. Loading the command takes
// longer than most command lines do. What a process has of its own is set anew for each: arguments, environment, folder,
// output and exit code.
import { Writable } from 'node:stream';
import { pathToFileURL } from 'node:url';

const built = pathToFileURL(process.argv[2]);
const home = process.cwd();
const exit = process.reallyExit.bind(process);
// the command ends its process some time after its output; this one goes on
process.exit = () => {};
process.on('disconnect', () => exit(0));

function capture(name) {
  const chunks = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  Object.defineProperty(process, name, { configurable: true, value: stream });
  return () => Buffer.concat(chunks).toString('utf8');
}

function setEnvironment(env) {
  for (const key of Object.keys(process.env)) delete process.env[key];
  Object.assign(process.env, env);
}

let runs = 0;

async function run({ args, cwd, env }) {
  process.argv = [process.argv[0], process.argv[1], ...args];
  setEnvironment(env);
  process.chdir(cwd);
  const stdout = capture('stdout');
  const stderr = capture('stderr');
  // the entry is evaluated again, what it imports is loaded once
  await import(`${built.href}?run=${++runs}`);
  const code = process.exitCode ?? 0;
  process.exitCode = undefined;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.removeAllListeners(name);
  process.chdir(home); // the caller may remove the folder
  return { code, stdout: stdout(), stderr: stderr() };
}

process.on('message', async (message) => process.send(await run(message)));
