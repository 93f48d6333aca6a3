// Adds to package-lock.json the optional packages of other platforms that a registry mirror does not carry. Without them
// `npm ci` holds the lock file to be out of step with package.json. Run it after installing from such a mirror.
import { readFileSync, writeFileSync } from 'node:fs'

const path = new URL('../package-lock.json', import.meta.url)
const lock = JSON.parse(readFileSync(path, 'utf8'))
const systems = [
  'android',
  'darwin',
  'freebsd',
  'linux',
  'netbsd',
  'openbsd',
  'openharmony',
  'sunos',
  'win32',
  'wasm32',
]
const processors = [
  'arm64',
  'arm',
  'x64',
  'ia32',
  'ppc64',
  'riscv64',
  's390x',
  'loong64',
  'mips64el',
  'wasm32',
]
let added = 0

for (const { optionalDependencies = {} } of Object.values(lock.packages))
  for (const [name, range] of Object.entries(optionalDependencies)) {
    const place = `node_modules/${name}`
    const platform = name.toLowerCase()
    const os = systems.filter((system) => platform.includes(system))
    const cpu = processors.filter((processor) => new RegExp(`(^|[-_/])${processor}([-_]|$)`).test(platform))
    if (lock.packages[place] || os.length === 0) continue
    lock.packages[place] = {
      version: range.replace(/^[\^~]/, ''),
      ...(cpu.length > 0 ? { cpu } : {}),
      optional: true,
      os,
    }
    added += 1
  }

lock.packages = Object.fromEntries(
  Object.entries(lock.packages).sort(([one], [other]) => (one < other ? -1 : 1)),
)
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`)
console.log(`${added} packages of other platforms added to package-lock.json`)
