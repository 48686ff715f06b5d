import type { ColumnSpec, ColumnValues } from '../output/table-columns.ts'
import type { DatasetPlan } from './dataset-plan.ts'
import type { TransferHour } from './generate-transfers.ts'
import { TOKEN_DECIMALS, USD_DECIMALS, decimalText, tokensForCents } from './money.ts'
import { DOLLAR_ASSET } from './price-walk.ts'
import { Random } from './random/random.ts'

/** Columns of `transfers`: those of the analytical store's core table, without its version. */
export const transferColumns = [
  { name: 'tx_id', kind: 'text', isDistinct: true },
  { name: 'event_index', kind: 'text' },
  { name: 'edge_index', kind: 'text' },
  { name: 'block_height', kind: 'uint32' },
  { name: 'block_timestamp', kind: 'uint64' },
  { name: 'from_address', kind: 'text' },
  { name: 'to_address', kind: 'text' },
  { name: 'asset_symbol', kind: 'text' },
  { name: 'asset_contract', kind: 'text' },
  { name: 'amount', kind: 'text' },
  { name: 'amount_usd', kind: 'text' },
  { name: 'fee', kind: 'text' },
] as const satisfies readonly ColumnSpec[]

/** A transaction id is 32 random bytes as hex after `0x`. */
const ID_BYTES = 32
const ID_CHARACTERS = 2 + 2 * ID_BYTES
const hexDigits = Buffer.from('0123456789abcdef', 'latin1')

/** Turns hours of the stream into rows: ids, blocks and exact decimal text. One per run: ids and blocks follow on. */
export class TransferRows {
  readonly #plan: DatasetPlan
  readonly #random: Random
  readonly #firstBlock: number
  readonly #dollarContract: string
  #block = -1
  #event = 0

  constructor(plan: DatasetPlan) {
    this.#plan = plan
    this.#random = new Random(`${plan.seed}/transactions`)
    this.#firstBlock = 1_000_000 + this.#random.below(3_000_000)
    this.#dollarContract = this.#ids(1).slice(0, 42)
  }

  /** The rows of one hour, column by column in the order of {@link transferColumns}. */
  columns({ buffer, order }: TransferHour): ColumnValues[] {
    const { scene, profile } = this.#plan
    const { startMs } = scene.calendar
    const { addresses } = scene.world
    const ids = this.#ids(order.length)
    const txId: string[] = []
    const eventIndex: string[] = []
    const edgeIndex: string[] = []
    const height: number[] = []
    const timestamp: number[] = []
    const from: string[] = []
    const to: string[] = []
    const symbol: string[] = []
    const contract: string[] = []
    const amount: string[] = []
    const amountUsd: string[] = []
    const fee: string[] = []
    for (const row of order) {
      const timeMs = buffer.timeMs[row] ?? 0
      const cents = buffer.cents[row] ?? 0
      const asset = buffer.asset[row] ?? 0
      const block = Math.floor((timeMs - startMs) / profile.blockMs)
      this.#event = block === this.#block ? this.#event + 1 : 0
      this.#block = block
      txId.push(ids.slice(txId.length * ID_CHARACTERS, (txId.length + 1) * ID_CHARACTERS))
      eventIndex.push(this.#event.toString())
      edgeIndex.push('0')
      height.push(this.#firstBlock + block)
      timestamp.push(startMs + block * profile.blockMs)
      from.push(addresses[buffer.from[row] ?? 0] ?? '')
      to.push(addresses[buffer.to[row] ?? 0] ?? '')
      symbol.push(asset === DOLLAR_ASSET ? 'USDS' : profile.symbol)
      contract.push(asset === DOLLAR_ASSET ? this.#dollarContract : 'native')
      amount.push(decimalText(tokensForCents(cents, scene.prices.at(asset, timeMs)), TOKEN_DECIMALS))
      amountUsd.push(decimalText(cents, USD_DECIMALS))
      fee.push(decimalText(120 + this.#random.below(1_900), TOKEN_DECIMALS))
    }
    return [
      txId,
      eventIndex,
      edgeIndex,
      height,
      timestamp,
      from,
      to,
      symbol,
      contract,
      amount,
      amountUsd,
      fee,
    ]
  }

  /** Ids one after the other in one text: cutting pieces from it is far cheaper than building each. */
  #ids(count: number): string {
    const text = Buffer.alloc(count * ID_CHARACTERS)
    let at = 0
    for (let id = 0; id < count; id++) {
      at = text.writeUInt16BE(0x3078, at) // "0x"
      for (let word = 0; word < ID_BYTES / 4; word++) {
        const bits = this.#random.bits()
        for (let shift = 28; shift >= 0; shift -= 4) text[at++] = hexDigits[(bits >>> shift) & 15] ?? 0
      }
    }
    return text.toString('latin1')
  }
}
