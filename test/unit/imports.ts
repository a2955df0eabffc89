import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseSync, Visitor } from 'vite';

export interface Import {
  /** A path from the root with `/`, or the name of a package. */
  target: string;
  /** A file of this repository. */
  local: boolean;
  /** Removed when types are stripped. */
  typeOnly: boolean;
  dynamic: boolean;
}

type Found = Pick<Import, 'typeOnly' | 'dynamic'> & { request: string };

/** `import { type A, type B }` counts as a type import, `import './x.css'` does not. */
const allTypes = (entries: readonly { isType: boolean }[]) =>
  entries.length > 0 && entries.every(({ isType }) => isType);

/** `import('./x.ts').X` as a type. */
function readTypeQueries(program: ReturnType<typeof parseSync>['program']): Found[] {
  const found: Found[] = [];
  new Visitor({
    TSImportType: ({ source }) => found.push({ request: source.value, typeOnly: true, dynamic: false }),
  }).visit(program);
  return found;
}

function readModule(file: string, source: string): Found[] {
  const { module, program, errors } = parseSync(file, source);
  if (errors.length > 0) throw new Error(`${file} does not parse: ${errors[0]?.message}`);
  const found = readTypeQueries(program);
  for (const { moduleRequest, entries } of module.staticImports) {
    found.push({ request: moduleRequest.value, typeOnly: allTypes(entries), dynamic: false });
  }
  for (const { entries } of module.staticExports) {
    const request = entries[0]?.moduleRequest?.value;
    if (request) found.push({ request, typeOnly: allTypes(entries), dynamic: false });
  }
  for (const { moduleRequest } of module.dynamicImports) {
    const text = source.slice(moduleRequest.start, moduleRequest.end);
    // a computed import could reach anything: it is reported as written, so that no rule misses it
    found.push({ request: /^(['"`])(.*)\1$/s.exec(text)?.[2] ?? text, typeOnly: false, dynamic: true });
  }
  return found;
}

/** Everything that a TypeScript file imports, in any form. */
export function readImports(root: string, file: string): Import[] {
  const source = readFileSync(path.join(root, file), 'utf8');
  return readModule(file, source).map(({ request, ...kind }) => {
    const local = request.startsWith('.');
    const target = local ? path.posix.join(path.posix.dirname(file), request) : request;
    return { target, local, ...kind };
  });
}
