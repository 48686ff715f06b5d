import { describe, expect, it } from 'vitest'

import { withCorrelationId } from './correlation-id.ts'
import { setupLogger, type SetupLoggerOptions } from './setup-logger.ts'

function record(options: Partial<SetupLoggerOptions> = {}) {
  const written: string[] = []
  const logger = setupLogger({
    app: 'aml-miner',
    network: 'torus',
    task: 'score-batch',
    destination: { write: (line) => written.push(line) },
    isTerminal: false,
    ...options,
  })
  const lines = (): Record<string, unknown>[] => written.map((line) => JSON.parse(line))
  return { logger, lines, text: () => written.join('') }
}

describe('setupLogger in a pipe', () => {
  it('writes one JSON object per line with service, level and ISO time', () => {
    const { logger, lines, text } = record()
    logger.info({ rows: 3 }, 'one\ntwo')
    logger.warn('three')
    expect(text().endsWith('\n')).toBe(true)
    expect(lines()).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        service: 'aml-miner-torus-score-batch',
        rows: 3,
        msg: 'one\ntwo',
      },
      expect.objectContaining({ level: 'warn', msg: 'three' }),
    ])
  })

  it('leaves the network out of the name when there is none', () => {
    const { logger, lines } = record({ network: null })
    logger.info('x')
    expect(lines()[0]).toMatchObject({ service: 'aml-miner-score-batch' })
  })

  it('drops what is below its level', () => {
    const { logger, lines } = record({ level: 'warn' })
    logger.info('no')
    logger.error('yes')
    expect(lines().map(({ msg }) => msg)).toEqual(['yes'])
    const silent = record({ level: 'silent' })
    silent.logger.error('no')
    expect(silent.text()).toBe('')
  })

  it('tells an error with stack and cause', () => {
    const { logger, lines } = record()
    logger.error({ err: new Error('outer', { cause: new RangeError('inner') }) }, 'failed')
    expect(lines()[0]?.['err']).toMatchObject({ type: 'Error', stack: expect.stringContaining('inner') })
  })

  it('takes big integers', () => {
    const { logger, lines } = record()
    logger.info({ version: 18_446_744_073_709_551_615n, nested: [1n] }, 'x')
    expect(lines()[0]).toMatchObject({ version: '18446744073709551615', nested: ['1'] })
  })

  it('hides secrets in details, children, errors, URLs and messages', () => {
    const { logger, text } = record()
    const failure = Object.assign(new Error('cannot reach http://user:hunter2@db:8123/'), {
      config: { password: 'hunter2', deep: { secretAccessKey: 'hunter2' } },
    })
    logger.info(
      { password: 'hunter2', nested: { list: [{ apiKey: 'hunter2', CLICKHOUSE_PASSWORD: 'hunter2' }] } },
      'a',
    )
    logger.child({ token: 'hunter2', headers: { authorization: 'hunter2' } }).info('b')
    logger.error({ err: failure }, 'connect to clickhouse://user:hunter2@db failed')
    logger.info({ url: 'https://user:hunter2@host/path', mnemonic: 'hunter2' }, 'c')
    expect(text()).not.toContain('hunter2')
    expect(text()).toContain('http://user:[redacted]@db:8123/')
    expect(text()).toContain('"password":"[redacted]"')
  })

  it('keeps what is no secret', () => {
    const { logger, lines } = record()
    logger.info({ tokensUsed: 5, hotkey: '5F', jobId: 'a', at: new Date(0), none: null, password: null }, 'x')
    expect(lines()[0]).toMatchObject({
      tokensUsed: 5,
      hotkey: '5F',
      jobId: 'a',
      at: '1970-01-01T00:00:00.000Z',
      none: null,
      password: null,
    })
  })

  it('survives cycles', () => {
    const { logger, lines } = record()
    const loop: Record<string, unknown> = {}
    loop['self'] = loop
    logger.info({ loop }, 'x')
    expect(lines()[0]).toMatchObject({ msg: 'x' })
  })
})

describe('setupLogger on a terminal', () => {
  it('writes a line that a person can read, without the service name', () => {
    const { logger, text } = record({ isTerminal: true })
    logger.warn({ rows: 3, password: 'hunter2' }, 'store is slow')
    // eslint-disable-next-line no-control-regex -- colours are what is taken away here
    const plain = text().replaceAll(/\u001B\[\d+m/g, '')
    expect(plain).toMatch(/^\[\d\d:\d\d:\d\d\] WARN: store is slow \{.*"rows":3.*\}\n$/)
    expect(plain).not.toContain('hunter2')
    expect(plain).not.toContain('aml-miner')
  })
})

describe('errors on a terminal', () => {
  it.each([
    ['info', false],
    ['debug', true],
  ] as const)('at level %s show their stack: %s', (level, shown) => {
    const { logger, text } = record({ isTerminal: true, level })
    logger.error({ err: new RangeError('too far') }, 'task failed')
    expect(text()).toContain('too far')
    expect(text().includes('setup-logger.test.ts')).toBe(shown)
  })
})

describe('correlation id', () => {
  it('follows awaits and timers, and does not leak between parallel runs', async () => {
    const { logger, lines } = record()
    const work = async (name: string): Promise<void> => {
      logger.info({ name }, 'start')
      await new Promise((resolve) => {
        setTimeout(resolve, name === 'a' ? 10 : 1)
      })
      await Promise.all([1, 2].map(async () => logger.child({ name }).info('end')))
    }
    await Promise.all(['a', 'b', 'c'].map((name) => withCorrelationId(`id-${name}`, () => work(name))))
    logger.info({ name: 'none' }, 'outside')
    const seen = lines().map(({ name, correlationId }) => `${String(name)} ${String(correlationId)}`)
    expect(seen).toHaveLength(10)
    expect(new Set(seen)).toEqual(new Set(['a id-a', 'b id-b', 'c id-c', 'none undefined']))
  })

  it('is replaced inside and restored after a nested call', () => {
    const { logger, lines } = record()
    withCorrelationId('outer', () => {
      withCorrelationId('inner', () => logger.info('1'))
      logger.info('2')
    })
    expect(lines().map(({ correlationId }) => correlationId)).toEqual(['inner', 'outer'])
  })
})
