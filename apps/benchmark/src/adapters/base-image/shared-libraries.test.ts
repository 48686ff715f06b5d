import { describe, expect, it } from 'vitest'

import { parseLdd, sharedLibraries } from './shared-libraries.ts'

describe('parseLdd', () => {
  it('takes libraries and the loader, and nothing that is no file', () => {
    const text = [
      '\tlinux-vdso.so.1 (0x00007f5541410000)',
      '\tlibm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x00007f5541319000)',
      '\tlibown.so => not found',
      '\t/lib64/ld-linux-x86-64.so.2 (0x00007f5541412000)',
    ].join('\n')
    expect(parseLdd(text)).toEqual(['/lib/x86_64-linux-gnu/libm.so.6', '/lib64/ld-linux-x86-64.so.2'])
  })

  it('finds none in what is static', () => {
    expect(parseLdd('\tstatically linked\n')).toEqual([])
  })
})

describe.skipIf(process.platform !== 'linux')('sharedLibraries on Linux', () => {
  it('finds the C library of the Node that runs this', async () => {
    const libraries = await sharedLibraries([process.execPath])
    expect(libraries.some((path) => /\/libc\.so|\/ld-/.test(path))).toBe(true)
  })

  it('fails for a file that does not exist', async () => {
    await expect(sharedLibraries(['/nowhere/at/all'])).rejects.toThrow(/ldd|nowhere/)
  })
})
