import { turboRun } from './turbo-run.mjs'

// Never cached, one at a time: a measurement belongs to the moment in which it was taken.
process.exitCode = await turboRun([
  'bench',
  '--concurrency=1',
  '--output-logs=full',
  ...process.argv.slice(2),
])
