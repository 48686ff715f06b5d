/** What the bytes of a file are: a text, or why they are refused. */
export type JudgedContent =
  | { readonly isText: true; readonly text: string }
  | { readonly isText: false; readonly rule: 'binary' | 'disguised'; readonly message: string }

/** How formats begin that a submission has no use for; as Latin-1 text. */
const magics: readonly (readonly [string, string])[] = [
  ['\u007fELF', 'an ELF program'],
  ['\u0000asm', 'WebAssembly'],
  ['\u00cf\u00fa\u00ed\u00fe', 'a Mach-O program'],
  ['\u00fe\u00ed\u00fa', 'a Mach-O program'],
  ['\u00ca\u00fe\u00ba\u00be', 'a Java class or Mach-O program'],
  ['\u001bLua', 'Lua bytecode'],
  ['!<arch>\n', 'a library archive'],
  ['PK\u0003\u0004', 'a zip archive'],
  ['PK\u0005\u0006', 'a zip archive'],
  ['\u001f\u008b', 'gzip'],
  ['BZh', 'bzip2'],
  ['\u00fd7zXZ', 'xz'],
  ["7z\u00bc\u00af'\u001c", '7-Zip'],
  ['Rar!', 'a RAR archive'],
  ['(\u00b5/\u00fd', 'Zstandard'],
  ['\u0004"M\u0018', 'LZ4'],
  ['\u0089PNG', 'a picture'],
  ['\u00ff\u00d8\u00ff', 'a picture'],
  ['GIF8', 'a picture'],
  ['RIFF', 'a picture or sound'],
  ['%PDF-', 'a PDF'],
  ['\u00d0\u00cf\u0011\u00e0', 'an office document'],
  ['PAR1', 'Parquet'],
  ['ARROW1', 'Arrow'],
  ['Obj\u0001', 'Avro'],
  ['SQLite format 3', 'SQLite'],
  ['\u0089HDF', 'HDF5'],
  ['\u0093NUMPY', 'a NumPy array'],
  ['GGUF', 'a model'],
  ['\u0080\u0002', 'a pickle'],
  ['\u0080\u0003', 'a pickle'],
  ['\u0080\u0004', 'a pickle'],
  ['\u0080\u0005', 'a pickle'],
]
/** Pickles of protocol 0 are text: they begin by naming a callable, or with a list or a dictionary on the stack. */
const TEXT_PICKLE = /^(?:c[\w.]{1,60}\n\w{1,60}\n|\((?:dp|lp|l|d)\d*\n)/

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
/** Move the cursor or rub out letters, so that a terminal shows something else than what runs. */
const terminal = ['\b', '\u001b', '\u007f', '\u009b']
/** The others: bundlers write a few of them as they are, binary data holds many. */
const CONTROL = /[^\P{Cc}\t\n\f\r]/gu
const MOST_CONTROLS = 32

/** Judges a file by its bytes, whatever it is called: only UTF-8 text without control characters is read on. */
export function judgeContent(bytes: Uint8Array): JudgedContent {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 200)).toString('latin1')
  const magic = magics.find(([start]) => head.startsWith(start))
  if (magic !== undefined)
    return { isText: false, rule: 'disguised', message: `its first bytes are those of ${magic[1]}` }
  if (TEXT_PICKLE.test(head)) return { isText: false, rule: 'disguised', message: 'it is a pickle' }
  if (bytes.includes(0))
    return { isText: false, rule: 'binary', message: 'it is binary: it holds zero bytes' }
  let text: string
  try {
    text = decoder.decode(bytes)
  } catch {
    return { isText: false, rule: 'binary', message: 'it is no UTF-8 text' }
  }
  if (
    terminal.some((character) => text.includes(character)) ||
    (text.match(CONTROL)?.length ?? 0) > MOST_CONTROLS
  ) {
    return { isText: false, rule: 'binary', message: 'it holds control characters; write escapes instead' }
  }
  return { isText: true, text }
}
