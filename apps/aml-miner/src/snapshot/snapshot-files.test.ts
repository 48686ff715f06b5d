import { describe, expect, it } from 'vitest'

import { formatOfFileName, snapshotFileRole, snapshotFileRoles } from './snapshot-files.ts'

describe('formatOfFileName', () => {
  it.each([
    ['a.parquet', { format: 'parquet', isGzipped: false }],
    ['a.CSV.gz', { format: 'csv', isGzipped: true }],
    ['a.ndjson', { format: 'jsonl', isGzipped: false }],
    ['a.parquet.gz', null],
    ['a.txt', null],
    ['parquet', null],
  ])('%s', (name, expected) => {
    expect(formatOfFileName(name)).toEqual(expected)
  })
})

describe('snapshotFileRoles', () => {
  it('finds each role, and labels under either name', () => {
    const roles = snapshotFileRoles(
      [
        'META.json',
        'alerts.parquet',
        'features.csv',
        'clusters.jsonl',
        'torus_address_labels.parquet',
        'patterns.parquet',
      ],
      'torus',
      'folder',
    )
    expect(roles.map(({ target }) => target).toSorted()).toEqual([
      'addressLabels',
      'alertClusters',
      'alerts',
      'features',
    ])
    expect(snapshotFileRole('bitcoin_address_labels.parquet', 'torus')).toBeNull()
  })

  it('refuses a missing role and one that two files claim', () => {
    expect(() => snapshotFileRoles(['alerts.csv', 'features.csv'], 'torus', 'folder')).toThrow(
      /no clusters file/,
    )
    expect(() =>
      snapshotFileRoles(['alerts.csv', 'alerts.parquet', 'features.csv', 'clusters.csv'], 'torus', 'folder'),
    ).toThrow(/both alerts.csv and alerts.parquet/)
  })
})
