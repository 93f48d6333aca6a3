import type { DocumentId } from '../contract/document.ts'
import type { BlobStore } from './blob-store.ts'

/** Full texts that were downloaded, kept by the hash of their bytes, so that pictures can be drawn and reports verified. */
export interface KeptDocuments {
  /** Keeps the bytes of a document and returns the place that holds them. The same bytes again cost nothing. */
  keep(id: DocumentId, bytes: Uint8Array): Promise<string>
}

/** Documents of a store: `documents/ab/abcdef….pdf`. `keep` throws what the store's functions throw. */
export function keepDocuments(store: BlobStore): KeptDocuments {
  return {
    async keep(id, bytes) {
      const place = store.placeOf('documents', id.slice(0, 2), `${id}.pdf`)
      const there = await store.find(place)
      // Another length is what a disk that was full, or a copy that broke off, has left.
      if (there?.bytes !== bytes.length) await store.write(place, bytes, 'A full text')
      return place
    },
  }
}
