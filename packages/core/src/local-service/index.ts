export * from './data-folder.ts'
export { acquireFolderLock, type FolderLock, type FolderLockOptions } from './folder-lock.ts'
export * from './join-local-service.ts'
export type { ServiceFailure } from './spawn-service.ts'
