import type { SnapshotSource, SourceFile } from './snapshot-source.ts'

/** Finds what a person named: a folder, a file, or an `s3://` URL. */
export interface SourceOpener {
  /** A folder of files; nothing is read before the files are listed. */
  openSnapshot(source: string): SnapshotSource
  /** One file. @throws InputError when it is not there or empty. */
  openFile(source: string, signal: AbortSignal): Promise<SourceFile>
}
