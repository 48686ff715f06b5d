// Takes memory outside of the garbage collector's own limit, and touches it.
const held = []
for (;;) held.push(Buffer.alloc(8_388_608, 1))
