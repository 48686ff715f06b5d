export * from './embedded/start-embedded-clickhouse.ts'
