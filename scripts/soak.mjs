import { checkedRun } from './checked-run.mjs'

// One package at a time: full sizes must not disturb each other.
await checkedRun({ report: 'soak', tasks: ['test:soak'], concurrency: '1', env: { SUBNETKIT_SOAK: '1' } })
