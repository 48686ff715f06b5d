import type { RepositorySource } from '../ports/repository-source.ts'

/** A source of repositories that is opened by the first call: git is looked for only by those who clone. */
export function lazySource(open: () => Promise<RepositorySource>): RepositorySource {
  let opening: Promise<RepositorySource> | null = null
  const opened = async (): Promise<RepositorySource> => {
    opening ??= open()
    try {
      return await opening
    } catch (error) {
      opening = null
      throw error
    }
  }
  return {
    resolveHead: async (params) => await (await opened()).resolveHead(params),
    clone: async (params) => await (await opened()).clone(params),
  }
}
