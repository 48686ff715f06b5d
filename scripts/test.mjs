import { checkedRun } from './checked-run.mjs'

await checkedRun({
  report: 'test',
  tasks: [
    'lint',
    'test',
    'build',
    'lint:package',
    'check:types',
    'check:lint',
    'check:house',
    'check:format',
    'check:unused',
    'check:duplicates',
    'test:scripts',
    'test:readme',
    'test:release',
  ],
})
