/** The part of the WebAssembly JavaScript interface (W3C) in use here; TypeScript has it only among the browser's types. */
declare namespace WebAssembly {
  interface Module {
    readonly [Symbol.toStringTag]: 'WebAssembly.Module'
  }
  class Memory {
    constructor(size: { initial: number; maximum: number })
    readonly buffer: ArrayBuffer
    /** By so many pages of 64 KiB; throws RangeError beyond the maximum. Makes a new `buffer`. */
    grow(pages: number): number
  }
  type Imports = Record<string, Record<string, unknown>>
  class Instance {
    constructor(module: Module, imports: Imports)
    readonly exports: Record<string, unknown>
  }
  function compile(bytes: Uint8Array): Promise<Module>
}
