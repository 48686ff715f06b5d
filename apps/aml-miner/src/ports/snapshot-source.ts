/** One file of a source, readable as often as needed. */
export interface SourceFile {
  readonly name: string
  readonly sizeBytes: number
  /** The bytes in order, in chunks. */
  open(signal?: AbortSignal): AsyncIterable<Uint8Array>
  /** The bytes [start, end). */
  read(start: number, end: number): Promise<Uint8Array>
}

/** Where the files of a day come from: a folder here, or an object store whose files are brought here first. */
export interface SnapshotSource extends AsyncDisposable {
  /** For people and for the record: the folder or URL. */
  readonly description: string
  /** All files at the top of the source; an empty list when there are none. */
  listFiles(signal?: AbortSignal): Promise<readonly SourceFile[]>
}
