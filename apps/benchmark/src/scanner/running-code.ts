import type { TextPattern } from './text-pattern.ts'

/** What turns one text into another that nobody has read. */
const DECODER =
  /\b(?:atob|b64decode|base64|unhexlify|fromCharCode|decodeURIComponent|unescape|inflateSync|gunzipSync|unzipSync|brotliDecompressSync|marshal|rot_?13|decompress|fromhex)\b|['"`]hex['"`]|codecs\.decode|\.reverse\(\)|\.decode\(/
const decoderSource = DECODER.source

/** A literal without anything computed in it, alone between the parentheses. */
const LITERAL = /^\s*(?:'[^'\\\n]{0,400}'|"[^"\\\n]{0,400}"|`[^`\\$]{0,400}`)\s*\)/

function isNotLiteral(match: RegExpExecArray, text: string): boolean {
  const end = match.index + match[0].length
  return !LITERAL.test(text.slice(end, end + 410))
}

const decodedMessage = 'it runs what it decodes; write the code as it is'
const builtMessage = 'it runs code that it builds from text (eval, exec, Function); write the code as it is'
const importMessage = 'it loads a module whose name is computed; name it in full'

/** Of JavaScript and TypeScript. Comments count too: telling them apart safely takes a parser that agrees with Node. */
export const javascriptPatterns: readonly TextPattern[] = [
  {
    rule: 'decoded-execution',
    needles: ['eval', 'Function', 'runIn', 'compile', 'Script'],
    pattern: new RegExp(
      `(?:\\beval|\\bFunction|\\brunIn\\w{3,12}Context|\\b_compile|\\bvm\\.Script)\\s{0,5}\\([^;]{0,200}?(?:${decoderSource})`,
      'g',
    ),
    message: decodedMessage,
  },
  {
    rule: 'built-code',
    needles: ['Function'],
    // One name and nothing else: where that came from, nobody sees here.
    pattern: /(?<![.\w$])Function\s{0,5}\(\s{0,5}[\w$]{1,60}\s{0,5}\)/g,
    message: builtMessage,
  },
  {
    rule: 'decoded-execution',
    needles: ['data:'],
    pattern: /\b(?:import|from|require|Worker)\s{0,5}\(?\s{0,5}['"`]data:/g,
    message: 'it loads a module out of a data: URL; write the code as it is',
  },
  {
    rule: 'built-code',
    needles: ['eval'],
    pattern: /(?<![.\w$'"`-])eval\s{0,5}\(/g,
    message: builtMessage,
    isHit: isNotLiteral,
  },
  {
    rule: 'built-code',
    needles: ['eval'],
    pattern:
      /\b(?:globalThis|global|window|self)\s{0,5}(?:\.\s{0,5}eval\b|\[\s{0,5}['"`]eval['"`])|,\s{0,5}eval\s{0,5}\)\s{0,5}\(|=\s{0,5}eval\s{0,5}[;,\n)]/g,
    message: builtMessage,
  },
  {
    rule: 'built-code',
    needles: ['runIn', 'vm.Script', '_compile'],
    pattern:
      /\brunIn(?:This|New)?Context\s{0,5}\(|\bvm\.(?:Script|compileFunction|SourceTextModule)\b|\bmodule\._compile\b/g,
    message: builtMessage,
  },
  {
    rule: 'built-code',
    needles: ['constructor'],
    pattern:
      /(?:\.constructor|\[\s{0,5}['"`]constructor['"`]\s{0,5}\])\s{0,5}(?:\.constructor|\[\s{0,5}['"`]constructor['"`]\s{0,5}\])\s{0,5}\(/g,
    message: 'it reaches the Function constructor by a detour',
  },
  {
    rule: 'computed-import',
    needles: ['import'],
    // Type positions, `import.meta` and a method of that name are no imports.
    pattern:
      /(?<![.\w$'"`#])import\s{0,5}\((?:\s{0,20}\/\*[^*]{0,200}\*\/)?\s{0,200}(?!['")\s/]|`[^`$]{0,300}`|__dirname\s{0,3}\+\s{0,3}['"])/g,
    message: importMessage,
  },
  {
    rule: 'computed-import',
    needles: ['require'],
    pattern:
      /(?<![.\w$'"`#]|function )require\s{0,5}\((?:\s{0,20}\/\*[^*]{0,200}\*\/)?\s{0,200}(?!['")\s/]|`[^`$]{0,300}`|__dirname\s{0,3}\+\s{0,3}['"])/g,
    message: importMessage,
  },
  {
    rule: 'split-name',
    needles: ['['],
    pattern: /\[\s{0,5}(['"`])[\w$]{1,12}\1\s{0,5}\+\s{0,5}(['"`])[\w$]{1,12}\2\s{0,5}[\]+]/g,
    isHit: ({ index }, text) => /[\w$)\]]\s{0,5}$/.test(text.slice(Math.max(0, index - 6), index)),
    message: 'it puts the name of a property together from pieces',
  },
  {
    rule: 'host-probing',
    needles: ['process'],
    pattern: /\bprocess\s{0,5}(?:\.\s{0,5}|\[\s{0,5}['"`])(?:binding|_linkedBinding|dlopen)\b/g,
    message: "it reaches Node's own bindings or loads native code",
  },
]

/** Of Python. */
export const pythonPatterns: readonly TextPattern[] = [
  {
    rule: 'decoded-execution',
    needles: ['exec', 'eval', 'compile'],
    pattern: new RegExp(`(?<![.\\w])(?:exec|eval|compile)\\s{0,5}\\([^;]{0,200}?(?:${decoderSource})`, 'g'),
    message: decodedMessage,
  },
  {
    rule: 'decoded-execution',
    needles: ['marshal', 'pickle', 'dill', 'joblib'],
    pattern:
      /\b(?:marshal|pickle|cPickle|dill|joblib|shelve)\s{0,5}\.\s{0,5}(?:loads?|Unpickler|open)\b|\bimport\s{1,5}marshal\b/g,
    message: 'it loads serialised objects, which may run anything',
  },
  {
    rule: 'built-code',
    needles: ['exec', 'eval', 'compile'],
    pattern: /(?<![.\w]|def )(?:exec|eval|compile)\s{0,5}\(/g,
    message: builtMessage,
    isHit: isNotLiteral,
  },
  {
    rule: 'built-code',
    needles: ['__builtins__', 'builtins', '__subclasses__'],
    pattern:
      /__builtins__|\bgetattr\s{0,5}\(\s{0,5}builtins\b|\bbuiltins\.(?:exec|eval|compile)\b|__subclasses__/g,
    message: builtMessage,
  },
  {
    rule: 'computed-import',
    needles: ['import'],
    pattern: /(?:__import__|\bimport_module)\s{0,5}\(\s{0,5}(?!['"\s)])/g,
    message: importMessage,
  },
]

/** Of everything that a shell may read: scripts, Makefiles, Dockerfiles, and strings in code. */
export const shellPatterns: readonly TextPattern[] = [
  {
    rule: 'decoded-execution',
    needles: ['base64', 'xxd', 'openssl'],
    pattern:
      /(?:base64\s{1,5}(?:-d|-D|--decode)|xxd\s{1,5}-r|openssl\s{1,5}(?:enc|base64)\s[^\n|]{0,60}-d)[^\n]{0,200}?\|\s{0,5}(?:sudo\s{1,5})?(?:\/(?:usr\/)?bin\/)?(?:ba|z|da|k)?(?:sh|python3?|node|perl)\b/g,
    message: decodedMessage,
  },
  {
    rule: 'decoded-execution',
    needles: ['eval'],
    pattern: /\beval\s{1,5}["']?(?:\$\(|`)[^\n]{0,200}?(?:base64|xxd|rev\b|tr\s|printf)/g,
    message: decodedMessage,
  },
]
