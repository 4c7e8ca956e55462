// Answers cases, one a line as package generator/authz/judge writes them, with the
// verdicts of @cloud-copilot/iam-simulate, which is installed in the folder that the
// argument names.
import { createInterface } from 'node:readline'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const at = resolve(process.argv[2], 'node_modules/@cloud-copilot/iam-simulate/dist/esm/index.js')
const { runSimulation, runUnsafeSimulation, typeForContextKey, isConditionKeyArray } = await import(pathToFileURL(at))

// What the simulator says of an action, or of an action on such a resource, that it does
// not find in its list of actions.
const unlisted = new Set(['invalid.service', 'invalid.action', 'no.resource.types', 'multiple.resource.types', 'must.use.wildcard'])

// The simulator wants a list for the keys that it knows as lists, and a text for others.
async function shaped(context) {
  const variables = {}
  for (const [key, values] of Object.entries(context)) {
    const list = values.length !== 1 || isConditionKeyArray(await typeForContextKey(key).catch(() => 'String'))
    variables[key] = list ? values : values[0]
  }
  return variables
}

async function answer(simulation) {
  simulation.request.contextVariables = await shaped(simulation.request.contextVariables)
  const result = await runSimulation(simulation, {})
  if (result.resultType !== 'error') return { verdict: result.overallResult }
  if (!unlisted.has(result.errors.message)) return { error: JSON.stringify(result.errors) }
  // Without its list it reads no policies of resources and sessions.
  const silent = simulation.resourcePolicy || simulation.sessionPolicy
  return { unlisted: result.errors.message, verdict: silent ? undefined : runUnsafeSimulation(simulation, {}) }
}

for await (const line of createInterface({ input: process.stdin, crlfDelay: Infinity })) {
  console.log(JSON.stringify(await answer(JSON.parse(line)).catch((error) => ({ error: error.stack }))))
}
