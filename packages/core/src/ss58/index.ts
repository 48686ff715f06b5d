export * from './ss58-address.ts'
