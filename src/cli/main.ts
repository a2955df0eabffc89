#!/usr/bin/env node
// Everything else is imported after this check: older versions of Node cannot parse it, or lack what it needs.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);

if (major > 22 || (major === 22 && minor >= 16)) {
  const { runProgram } = await import('./program.ts');
  process.exitCode = await runProgram(process.argv.slice(2));
  // An open connection to a server must not keep the process running.
  setTimeout(() => process.exit(), 1000).unref();
} else {
  process.stderr.write(
    `llmops needs Node 22.16 or newer, and this is ${process.version}.\nInstall a newer Node (https://nodejs.org), or run it with npx -p node@24 llmops.\n`,
  );
  process.exitCode = 2;
}

export {};
