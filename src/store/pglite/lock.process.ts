/** A process for `lock.test.ts`: takes the lock of the folder it is given and keeps it until it is killed. */
import { SheafError } from '../../errors.ts'
import { lockFolder } from './lock.ts'

try {
  lockFolder(process.argv[2]!)
  process.send!('held')
} catch (thrown) {
  process.send!(SheafError.isInstance(thrown) ? thrown.code : String(thrown))
}
process.on('disconnect', () => process.exit())
setInterval(() => undefined, 1000)
