// Never ends, and takes no hint: it must be killed.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => {})
setInterval(() => {}, 1_000)
console.log('here I stay')
