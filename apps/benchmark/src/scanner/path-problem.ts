/** Longest path in a submission, in characters; every file system takes it beside the folder that it lies in. */
const MAX_PATH_CHARACTERS = 240
/** Folders inside one another. */
const MAX_PATH_DEPTH = 16

const MAX_NAME_CHARACTERS = 100
const PLAIN_NAME = /^[\w.@+()[\] ,=~$-]+$/

/**
 * What is wrong with a path of a submission, in words for its miner, or null. Only plain ASCII names are accepted: one
 * text names one file on every file system, and nothing in it is read as an option or an escape.
 */
export function pathProblem(path: string): string | null {
  if (path.length > MAX_PATH_CHARACTERS) return `its path is longer than ${MAX_PATH_CHARACTERS} characters`
  const names = path.split('/')
  if (names.length > MAX_PATH_DEPTH) return `it lies more than ${MAX_PATH_DEPTH} folders deep`
  for (const name of names) {
    const problem = nameProblem(name)
    if (problem !== null) return problem
  }
  return null
}

function nameProblem(name: string): string | null {
  if (name === '' || name === '.' || name === '..') return 'its path leads out of the repository'
  if (name.toLowerCase() === '.git' || /^git~\d$/i.test(name)) return "its path goes through git's own folder"
  if (name.length > MAX_NAME_CHARACTERS) return `its name is longer than ${MAX_NAME_CHARACTERS} characters`
  if (!PLAIN_NAME.test(name))
    return 'its name has other characters than letters, digits and . _ @ + ( ) [ ] , = ~ $ -'
  if (name.startsWith('-')) return 'its name begins with a dash, as options do'
  if (/^ |[ .]$/.test(name)) return 'its name begins or ends with a space, or ends with a dot'
  return null
}

/** A path as it may stand in a message: at most 120 characters, none of them a control character. */
export function shownPath(path: string): string {
  const plain = path.replaceAll(/[^\u0020-\u007e]/g, '?')
  return plain.length <= 120 ? plain : `${plain.slice(0, 117)}...`
}
