export * from './system-config-repository-contract.ts'
