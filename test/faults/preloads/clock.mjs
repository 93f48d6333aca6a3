/** Loaded into a process before Sheaf: its clock goes wrong by SHEAF_TEST_CLOCK seconds. */
import process from 'node:process'

const off = Number(process.env.SHEAF_TEST_CLOCK) * 1_000
const RightDate = Date

globalThis.Date = class extends RightDate {
  constructor(...parts) {
    if (parts.length === 0) super(RightDate.now() + off)
    else super(...parts)
  }
  static now() {
    return RightDate.now() + off
  }
}
