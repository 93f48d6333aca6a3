import { init } from '@embedpdf/pdfium'

/** The exports of PDFium's WASM build that Sheaf calls, with pointers and booleans as numbers (fpdfview.h, fpdf_text.h). */
export interface PdfiumExports {
  memory: WebAssembly.Memory
  malloc(bytes: number): number
  free(pointer: number): void
  PDFiumExt_Init(): void
  FPDF_LoadMemDocument64(bytes: number, length: number, password: number): number
  FPDF_CloseDocument(document: number): void
  FPDF_GetLastError(): number
  FPDF_GetPageCount(document: number): number
  FPDF_GetMetaText(document: number, tag: number, buffer: number, bytes: number): number
  FPDF_GetPageLabel(document: number, index: number, buffer: number, bytes: number): number
  FPDF_LoadPage(document: number, index: number): number
  FPDF_ClosePage(page: number): void
  FPDF_GetPageWidthF(page: number): number
  FPDF_GetPageHeightF(page: number): number
  FPDF_GetPageBoundingBox(page: number, rectangle: number): number
  FPDFPage_GetRotation(page: number): number
  FPDFPage_CountObjects(page: number): number
  FPDFPage_GetObject(page: number, index: number): number
  FPDFPageObj_GetType(object: number): number
  FPDFPageObj_GetBounds(object: number, left: number, bottom: number, right: number, top: number): number
  FPDFText_LoadPage(page: number): number
  FPDFText_ClosePage(textPage: number): void
  FPDFText_CountChars(textPage: number): number
  FPDFText_GetUnicode(textPage: number, index: number): number
  FPDFText_IsHyphen(textPage: number, index: number): number
  FPDFText_HasUnicodeMapError(textPage: number, index: number): number
  FPDFText_GetLooseCharBox(textPage: number, index: number, rectangle: number): number
  FPDFText_GetCharBox(
    textPage: number,
    index: number,
    left: number,
    right: number,
    bottom: number,
    top: number,
  ): number
  FPDFText_GetMatrix(textPage: number, index: number, matrix: number): number
  FPDFText_GetFontSize(textPage: number, index: number): number
  FPDFText_GetTextObject(textPage: number, index: number): number
  FPDFTextObj_GetFont(object: number): number
  FPDFFont_GetBaseFontName(font: number, buffer: number, bytes: number): number
  FPDFFont_GetFlags(font: number): number
  FPDFBitmap_CreateEx(width: number, height: number, format: number, scan: number, stride: number): number
  FPDFBitmap_FillRect(
    bitmap: number,
    left: number,
    top: number,
    width: number,
    height: number,
    colour: number,
  ): number
  FPDFBitmap_GetBuffer(bitmap: number): number
  FPDFBitmap_GetStride(bitmap: number): number
  FPDFBitmap_Destroy(bitmap: number): void
  FPDF_RenderPageBitmap(
    bitmap: number,
    page: number,
    startX: number,
    startY: number,
    width: number,
    height: number,
    rotate: number,
    flags: number,
  ): void
}

/** Typed views of the engine's memory; they die when it grows. */
export interface Heap {
  buffer: ArrayBuffer
  bytes: Uint8Array<ArrayBuffer>
  floats: Float32Array<ArrayBuffer>
  doubles: Float64Array<ArrayBuffer>
}

/** A running PDFium. */
export interface Engine {
  pdfium: PdfiumExports
  /** Current views of its memory. Ask again after any call that may allocate. */
  heap(): Heap
  /** Whether it asked for more memory than it may have. It can then not be trusted any longer. */
  refusedMemory(): boolean
  /** A few hundred bytes for answers given through pointers, aligned for doubles. */
  scratch: number
}

/** Bytes at {@link Engine.scratch}. */
export const scratchBytes = 1024

const silent = () => undefined

/**
 * Starts PDFium from its compiled module, with at most about `heapBytes` of memory. V8's resource limits do not bound
 * WASM memory, so the one way to grow it is wrapped: a refusal makes `malloc` fail inside.
 */
export async function startEngine(module: WebAssembly.Module, heapBytes: number): Promise<Engine> {
  let refused = false
  const wrapped = await init({
    print: silent,
    printErr: silent,
    instantiateWasm(imports: WebAssembly.Imports, receive: (instance: WebAssembly.Instance) => void) {
      const environment = imports.env!
      const grow = environment.emscripten_resize_heap as (bytes: number) => number
      const instance = new WebAssembly.Instance(module, {
        ...imports,
        env: {
          ...environment,
          emscripten_resize_heap(bytes: number) {
            if (bytes >>> 0 <= heapBytes) return grow(bytes)
            refused = true
            return 0
          },
        },
      })
      receive(instance)
      return instance.exports
    },
  })
  const pdfium = wrapped.pdfium.wasmExports as unknown as PdfiumExports
  pdfium.PDFiumExt_Init()
  const scratch = pdfium.malloc(scratchBytes)
  let heap = viewsOf(pdfium.memory.buffer)
  return {
    pdfium,
    heap() {
      // Growing the memory detaches the old buffer, which empties its views. Asking the memory itself costs much more.
      if (heap.bytes.length === 0) heap = viewsOf(pdfium.memory.buffer)
      return heap
    },
    refusedMemory: () => refused,
    scratch,
  }
}

function viewsOf(buffer: ArrayBuffer): Heap {
  return {
    buffer,
    bytes: new Uint8Array(buffer),
    floats: new Float32Array(buffer),
    doubles: new Float64Array(buffer),
  }
}

/** Text that a PDFium function writes as UTF-16LE with a final NUL, or nothing when it is empty or longer than `longest` bytes. */
export function utf16From(
  engine: Engine,
  longest: number,
  write: (buffer: number, bytes: number) => number,
): string | undefined {
  const bytes = write(0, 0)
  if (bytes <= 2 || bytes > longest) return undefined
  const buffer = engine.pdfium.malloc(bytes)
  write(buffer, bytes)
  const text = Buffer.from(engine.heap().buffer, buffer, bytes - 2).toString('utf16le')
  engine.pdfium.free(buffer)
  return wellFormed(text).trim() || undefined
}

/** Text without NULs and lone surrogates, which Postgres and JSON readers reject. */
export function wellFormed(text: string): string {
  return text.replaceAll(/\0|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '')
}

/** Copies a C string into the engine's memory. The caller frees it. */
export function cString(engine: Engine, text: string): number {
  const bytes = Buffer.from(`${text}\0`, 'latin1')
  const pointer = engine.pdfium.malloc(bytes.length)
  engine.heap().bytes.set(bytes, pointer)
  return pointer
}
