import { dayKeySchema, isInputError } from '@subnetkit/core'
import { describe, expect, it } from 'vitest'

import { parseSnapshotMeta } from './snapshot-meta.ts'

const day = dayKeySchema.parse({ network: 'torus', processingDate: '2025-08-01', windowDays: 195 })
const sha = 'AB'.repeat(32)
const md5 = 'cd'.repeat(16)

describe('parseSnapshotMeta', () => {
  it('reads the exporter’s shape: counts and sha256 by file', () => {
    const meta = parseSnapshotMeta(
      JSON.stringify({
        schema_version: '1.0.0',
        batch_id: 'torus-2025-08-01-195d',
        network: 'torus',
        processing_date: '2025-08-01',
        window_days: 195,
        counts: { alerts: 86, features: 715, clusters: 25, patterns: 796 },
        sha256: { 'alerts.parquet': sha },
      }),
      day,
    )
    expect(meta.counts).toEqual({ alerts: 86, features: 715, alertClusters: 25 })
    expect(meta.checksums.get('alerts.parquet')).toEqual({ algorithm: 'sha256', hex: sha.toLowerCase() })
  })

  it('reads the consumer’s shape: files with md5', () => {
    const meta = parseSnapshotMeta(JSON.stringify({ files: { 'alerts.parquet': { md5, size: 5 } } }), day)
    expect(meta.checksums.get('alerts.parquet')).toEqual({ algorithm: 'md5', hex: md5 })
  })

  it('prefers sha256 where both are given', () => {
    const meta = parseSnapshotMeta(
      JSON.stringify({ sha256: { 'a.csv': sha }, files: { 'a.csv': { md5 } } }),
      day,
    )
    expect(meta.checksums.get('a.csv')?.algorithm).toBe('sha256')
  })

  it.each([
    ['no JSON', '{"sha256":', 'META.json'],
    ['no checksum', '{}', 'META.json'],
    ['a checksum that is none', '{"sha256":{"a":"xyz"}}', 'META.json: sha256.a'],
    ['another network', `{"network":"bitcoin","sha256":{"a":"${sha}"}}`, 'META.json: network'],
    [
      'another date',
      `{"processing_date":"2025-08-02","sha256":{"a":"${sha}"}}`,
      'META.json: processing_date',
    ],
    ['another window', `{"window_days":7,"sha256":{"a":"${sha}"}}`, 'META.json: window_days'],
  ])('refuses %s', (_what, text, field) => {
    let caught: unknown
    try {
      parseSnapshotMeta(text, day)
    } catch (error) {
      caught = error
    }
    expect(isInputError(caught) && caught.field).toBe(field)
  })
})
