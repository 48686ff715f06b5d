import { basename, dirname } from 'node:path/posix'

/** Names that say nothing about what is inside, so that everything ends up there. */
const emptyNames = new Set([
  'utils',
  'util',
  'helpers',
  'helper',
  'common',
  'misc',
  'manager',
  'types',
  'shared',
  'lib',
])

const kebabCase = /^[a-z0-9]+(-[a-z0-9]+)*$/

/**
 * Files and folders: kebab-case, and none of the names that collect leftovers.
 * @type {import('./source-file.mjs').Rule}
 */
export function nameRule({ path }) {
  const stem = basename(path).replace(/(\.(test|soak|config|base|bench))*\.(ts|mts|mjs)$/, '')
  return [...dirname(path).split('/'), stem].flatMap((name) => {
    if (emptyNames.has(name) || name.split('-').includes('utils')) {
      return [{ path, line: 1, message: `is called ${name}: name it after what it holds` }]
    }
    if (name === '.' || kebabCase.test(name)) return []
    return [{ path, line: 1, message: `${name} is not kebab-case` }]
  })
}
