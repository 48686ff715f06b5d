// Tries every way to somewhere else and says what became of each.
import dgram from 'node:dgram'
import dns from 'node:dns/promises'
import net from 'node:net'
import os from 'node:os'

const tcp = (host, port) =>
  new Promise((resolve) => {
    const socket = net.connect({ host, port, timeout: 1000 })
    socket.once('connect', () => resolve('connected'))
    socket.once('timeout', () => resolve('timeout'))
    socket.once('error', (error) => resolve(error.code))
  })
const udp = (host) =>
  new Promise((resolve) => {
    const socket = dgram.createSocket('udp4')
    socket.once('error', (error) => resolve(error.code))
    socket.send('x', 53, host, (error) => resolve(error === null ? 'sent' : error.code))
  })
const told = {
  tcp: await tcp('1.1.1.1', 443),
  host: await tcp('127.0.0.1', Number(process.env.HOST_PORT)),
  udp: await udp('1.1.1.1'),
  dns: await dns.lookup('example.com').then(
    () => 'resolved',
    (error) => error.code,
  ),
  interfaces: Object.keys(os.networkInterfaces()).filter((name) => name !== 'lo'),
}
console.log(JSON.stringify(told))
process.exit(0)
