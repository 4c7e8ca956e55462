// As much of Lambda's Node.js runtime as answers events: it takes them from the runtime
// API, calls the handler of $_HANDLER in $LAMBDA_TASK_ROOT and sends back what that says.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const api = `http://${process.env.AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime/invocation`;
const [dir, base] = [path.dirname(process.env._HANDLER), path.basename(process.env._HANDLER)];
const [stem, name] = base.split('.');
const module = path.join(process.env.LAMBDA_TASK_ROOT, dir, stem);
const file = ['.js', '.mjs', '.cjs'].map((ending) => module + ending).find(existsSync);
const exported = await import(pathToFileURL(file));
const handler = exported[name] ?? exported.default[name];

for (;;) {
  const next = await fetch(`${api}/next`);
  const id = next.headers.get('lambda-runtime-aws-request-id');
  try {
    const answer = await handler(await next.json(), { awsRequestId: id });
    await fetch(`${api}/${id}/response`, { method: 'POST', body: JSON.stringify(answer ?? null) });
  } catch (problem) {
    await fetch(`${api}/${id}/error`, { method: 'POST', body: JSON.stringify({ errorMessage: String(problem) }) });
  }
}
