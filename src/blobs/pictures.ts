import type { DocumentId } from '../contract/document.ts'
import type { BlobStore } from './blob-store.ts'

/** A page as PNG; its size in pixels. */
export interface PagePicture {
  readonly png: Uint8Array
  readonly width: number
  readonly height: number
}

/** Pictures of pages that were drawn for reports, so that a page is drawn once. */
export interface KeptPictures {
  /** The picture of a page as it was drawn before; else what `draw` gives, which is kept. Undefined when it gives none. */
  findOrDraw(
    id: DocumentId,
    page: number,
    draw: () => Promise<PagePicture | undefined>,
  ): Promise<PagePicture | undefined>
}

/** PNG (RFC 2083): the signature with the beginning of the header, whose size follows, and the last chunk, which is empty. */
const beginning = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex')
const end = Buffer.from('0000000049454e44ae426082', 'hex')

/**
 * Pictures of a store: `pictures/WAY/ab/abcdef…-12.png`. `findOrDraw` throws what the store's functions and `draw` throw.
 * @param way names the way of drawing: another engine's pictures are others
 */
export function keepPictures(store: BlobStore, way: string): KeptPictures {
  return {
    async findOrDraw(id, page, draw) {
      const place = store.placeOf('pictures', way, id.slice(0, 2), `${id}-${page}.png`)
      const kept = await store.read(place)
      const picture = kept && pictureIn(kept)
      if (picture) return picture
      const drawn = await draw()
      if (drawn) await store.write(place, drawn.png, 'The picture of a page')
      return drawn
    },
  }
}

/** Undefined where the file is not a whole PNG. */
function pictureIn(png: Buffer): PagePicture | undefined {
  const isWhole = png.subarray(0, beginning.length).equals(beginning) && png.subarray(-end.length).equals(end)
  if (!isWhole || png.length < beginning.length + 8 + end.length) return undefined
  return { png, width: png.readUInt32BE(16), height: png.readUInt32BE(20) }
}
