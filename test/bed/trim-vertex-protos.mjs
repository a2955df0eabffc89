// An esbuild plugin that removes unused parts of @google-cloud/aiplatform: its protos.json alone is
// 4 MB for some seventy services. Computed from the installed package, cached in node_modules/.cache.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);

/** Every method that src/core calls, by service. A call to another one fails at once with "func is not a function". */
export const USED_METHODS = {
  'google.cloud.aiplatform.v1.PredictionService': ['StreamGenerateContent'],
  'google.cloud.aiplatform.v1.LlmUtilityService': ['CountTokens'],
  'google.cloud.aiplatform.v1beta1.ModelGardenService': ['ListPublisherModels'],
};

const ALWAYS = /^google\.(api|protobuf|rpc|longrunning|type)$/;

export function trimVertexProtos({ methods = USED_METHODS } = {}) {
  return {
    name: 'trim-vertex-protos',
    setup(build) {
      build.onLoad({ filter: /aiplatform[\\/]build[\\/]protos[\\/]protos\.json$/ }, ({ path: file }) => ({
        contents: trimmed(file, methods),
        loader: 'json',
      }));

      // names a folder of .proto files that none of the used clients reads; ESM has no __dirname
      build.onLoad({ filter: /google-gax[\\/]build[\\/]src[\\/]grpc\.js$/ }, ({ path: file }) => ({
        contents: readFileSync(file, 'utf8').replaceAll('__dirname', "'.'"),
        loader: 'js',
      }));

      // npm nests copies of these below the packages that use them: one of each is enough
      const gax = path.dirname(require.resolve('google-gax'));
      build.onResolve({ filter: /^protobufjs($|\/)/ }, ({ path: id, pluginData, resolveDir }) => {
        if (
          pluginData?.deduped ||
          !/node_modules[\\/](@grpc|google-gax|proto3-json-serializer|@google-cloud)/.test(resolveDir)
        )
          return;
        return build.resolve(id, { resolveDir: gax, kind: 'require-call', pluginData: { deduped: true } });
      });
      build.onResolve({ filter: /^google-auth-library$/ }, ({ path: id, pluginData, resolveDir }) => {
        if (pluginData?.deduped || !/node_modules[\\/]google-gax/.test(resolveDir)) return;
        const here = path.dirname(fileURLToPath(import.meta.url));
        return build.resolve(id, { resolveDir: here, kind: 'require-call', pluginData: { deduped: true } });
      });
    },
  };
}

function trimmed(file, methods) {
  const { version } = require('@google-cloud/aiplatform/package.json');
  const self = readFileSync(new URL(import.meta.url), 'utf8');
  const key = createHash('sha256')
    .update(JSON.stringify([version, methods, self]))
    .digest('hex')
    .slice(0, 16);
  const folder = path.join(file.slice(0, file.lastIndexOf('node_modules')), 'node_modules/.cache/trim-vertex-protos');
  const cached = path.join(folder, `${key}.json`);
  try {
    return readFileSync(cached, 'utf8');
  } catch {
    // created below
  }
  const json = JSON.stringify(trimProtos(JSON.parse(readFileSync(file, 'utf8')), methods));
  mkdirSync(folder, { recursive: true });
  writeFileSync(cached, json);
  return json;
}

/** Keeps the named methods, the messages that they use, and the types that the client files look up by name. */
export function trimProtos(source, methods = USED_METHODS) {
  const protobuf = require('protobufjs');
  const root = protobuf.Root.fromJSON(structuredClone(source));
  root.resolveAll();
  const kept = new Set();
  const reach = (type) => {
    const name = type.fullName.slice(1);
    if (kept.has(name)) return;
    kept.add(name);
    if (!(type instanceof protobuf.Type)) return;
    for (const field of type.fieldsArray) if (field.resolvedType) reach(field.resolvedType);
  };
  for (const [name, wanted] of Object.entries(methods)) {
    const service = root.lookupService(name);
    kept.add(name);
    for (const method of service.methodsArray) {
      if (!wanted.includes(method.name)) continue;
      reach(method.resolvedRequestType);
      reach(method.resolvedResponseType);
    }
    for (const [, looked] of clientFile(name).matchAll(/lookup\('\.([A-Za-z0-9_.]+)'\)/g)) {
      const type = root.lookup(looked);
      if (type) reach(type);
    }
  }
  const result = walk(source, '', { kept, methods });
  protobuf.Root.fromJSON(structuredClone(result)).resolveAll();
  return result;
}

function clientFile(service) {
  const [, version, name] = /\.(v\w+)\.(\w+)$/.exec(service);
  const file = name.replace(/(?<=[a-z])[A-Z]/g, '_$&').toLowerCase();
  return readFileSync(require.resolve(`@google-cloud/aiplatform/build/src/${version}/${file}_client.js`), 'utf8');
}

function walk(node, name, { kept, methods }) {
  const copy = { ...node };
  delete copy.comment;
  if (methods[name])
    copy.methods = Object.fromEntries(Object.entries(node.methods).filter(([key]) => methods[name].includes(key)));
  if (!node.nested) return copy;
  copy.nested = {};
  for (const [key, child] of Object.entries(node.nested)) {
    const full = name ? `${name}.${key}` : key;
    if (ALWAYS.test(full)) copy.nested[key] = child;
    else if ([...kept].some((one) => one === full || one.startsWith(`${full}.`)))
      copy.nested[key] = walk(child, full, { kept, methods });
  }
  return copy;
}
