import { describe, expect, it } from 'vitest'

import { sqlTokens } from './sql-tokens.ts'
import { toClusterSql } from './to-cluster-sql.ts'

const cases: [string, string][] = [
  [
    'CREATE TABLE IF NOT EXISTS days (day Date) ENGINE = MergeTree ORDER BY day',
    'CREATE TABLE IF NOT EXISTS days ON CLUSTER `c` (day Date) ENGINE = ReplicatedMergeTree ORDER BY day',
  ],
  [
    'create table days (v UInt64)\nengine ReplacingMergeTree(v) order by v',
    'create table days ON CLUSTER `c` (v UInt64)\nengine ReplicatedReplacingMergeTree(v) order by v',
  ],
  [
    'CREATE TABLE IF NOT EXISTS `a b`.`days` (n AggregatingMergeTree) ENGINE=AggregatingMergeTree()',
    'CREATE TABLE IF NOT EXISTS `a b`.`days` ON CLUSTER `c` (n AggregatingMergeTree) ENGINE=ReplicatedAggregatingMergeTree()',
  ],
  ['CREATE TABLE t (a UInt8) ENGINE = Memory', 'CREATE TABLE t ON CLUSTER `c` (a UInt8) ENGINE = Memory'],
  [
    `-- ENGINE = MergeTree; it's a comment\nCREATE TABLE t (a String DEFAULT 'ENGINE = MergeTree', /* ON CLUSTER x */ b Int8) ENGINE = MergeTree ORDER BY a`,
    `-- ENGINE = MergeTree; it's a comment\nCREATE TABLE t ON CLUSTER \`c\` (a String DEFAULT 'ENGINE = MergeTree', /* ON CLUSTER x */ b Int8) ENGINE = ReplicatedMergeTree ORDER BY a`,
  ],
  ['CREATE VIEW IF NOT EXISTS db.v AS SELECT 1', 'CREATE VIEW IF NOT EXISTS db.v ON CLUSTER `c` AS SELECT 1'],
  ['CREATE OR REPLACE VIEW v AS SELECT 1', 'CREATE OR REPLACE VIEW v ON CLUSTER `c` AS SELECT 1'],
  [
    'CREATE MATERIALIZED VIEW IF NOT EXISTS m ENGINE = SummingMergeTree ORDER BY a AS SELECT 1 AS a',
    'CREATE MATERIALIZED VIEW IF NOT EXISTS m ON CLUSTER `c` ENGINE = ReplicatedSummingMergeTree ORDER BY a AS SELECT 1 AS a',
  ],
  [
    'CREATE MATERIALIZED VIEW IF NOT EXISTS feed TO points AS SELECT a FROM t',
    'CREATE MATERIALIZED VIEW IF NOT EXISTS feed ON CLUSTER `c` TO points AS SELECT a FROM t',
  ],
  [
    'CREATE TABLE t (a Int8) ENGINE = ReplacingMergeTree(v, is_deleted) ORDER BY a SETTINGS index_granularity = 4',
    'CREATE TABLE t ON CLUSTER `c` (a Int8) ENGINE = ReplicatedReplacingMergeTree(v, is_deleted) ORDER BY a SETTINGS index_granularity = 4',
  ],
  [
    'ALTER TABLE `t` MODIFY TTL at + toIntervalDay(30)',
    'ALTER TABLE `t` ON CLUSTER `c` MODIFY TTL at + toIntervalDay(30)',
  ],
  ['CREATE DATABASE IF NOT EXISTS d', 'CREATE DATABASE IF NOT EXISTS d ON CLUSTER `c`'],
  [
    'ALTER TABLE t ADD COLUMN IF NOT EXISTS x Int8',
    'ALTER TABLE t ON CLUSTER `c` ADD COLUMN IF NOT EXISTS x Int8',
  ],
  ['DROP TABLE IF EXISTS d.t;', 'DROP TABLE IF EXISTS d.t ON CLUSTER `c`;'],
  ['RENAME TABLE a TO b;', 'RENAME TABLE a TO b ON CLUSTER `c`;'],
  ["INSERT INTO t VALUES ('CREATE TABLE x')", "INSERT INTO t VALUES ('CREATE TABLE x')"],
  ['SELECT 1', 'SELECT 1'],
]

describe('toClusterSql', () => {
  it.each(cases)('rewrites %s', (sql, expected) => {
    expect(toClusterSql(sql, 'c')).toBe(expected)
  })

  it.each(cases)('changes nothing the second time: %s', (sql) => {
    const once = toClusterSql(sql, 'c')
    expect(toClusterSql(once, 'c')).toBe(once)
  })

  it('refuses a bad cluster name', () => {
    expect(() => toClusterSql('DROP TABLE IF EXISTS t', 'c` --')).toThrow(/not a name/)
  })
})

describe('sqlTokens', () => {
  it.each([
    `SELECT 'it''s', 'a\\'b;' , "q""x", \`b\\\`\` -- end; 'x\n/* ; */ ; $tag$ ; ' $tag$`,
    `'open`,
    '/* open',
    '`open',
    '',
    'é;😀',
  ])('gives the text back: %s', (sql) => {
    expect(
      sqlTokens(sql)
        .map(({ text }) => text)
        .join(''),
    ).toBe(sql)
  })

  it('finds the one real semicolon', () => {
    const sql = `SELECT ';', ";", \`;\`, $a$;$a$ /* ; */ -- ;\n;`
    expect(sqlTokens(sql).filter(({ kind, text }) => kind === 'sign' && text === ';')).toHaveLength(1)
  })
})
