export * from './errors/storage-error.ts'
export * from './errors/input-error.ts'
