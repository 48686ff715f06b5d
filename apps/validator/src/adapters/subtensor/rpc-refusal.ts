/** A node's answer that it will not: JSON-RPC's error object. The connection is fine. */
export class RpcRefusal extends Error {
  override readonly name = 'RpcRefusal'
  /** The node's own number, such as 1010 for an extrinsic that is not valid. */
  readonly code: number
  readonly data: unknown

  constructor(method: string, error: Readonly<{ code: number; message: string; data: unknown }>) {
    const data = typeof error.data === 'string' ? `: ${error.data}` : ''
    super(`${method} was refused with ${error.code}, ${error.message}${data}`.slice(0, 500))
    this.code = error.code
    this.data = error.data
  }
}
