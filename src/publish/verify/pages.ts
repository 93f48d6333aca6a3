import { type Pictures, pageKey } from '../pictures.ts'

/** What a page picture is in report.html, exactly as `html/evidence.ts` writes it; `data-page` says which page. */
const image =
  /<image id="page-\d+" data-page="([0-9a-f]{64}):(\d+)" width="([\d.]+)" height="([\d.]+)" preserveAspectRatio="none" href="data:image\/png;base64,([A-Za-z0-9+/=]*)"\/>/g

/** The numbers of a page's window and marks, exactly as `html/evidence.ts` writes them. */
const frame = /(<svg class="page-picture" role="img" aria-label="[^"<>]*") viewBox="[-\d. ]+" width="\d+">/g
const mark =
  /<rect class="mark" x="[-\d.]+" y="[-\d.]+" width="[-\d.]+" height="[-\d.]+" fill="#ffd000" fill-opacity="0.38"\/>/g

/** The page pictures that stand in a report.html, to render the same page again without drawing. Marks are left out. */
export function picturesIn(htmlText: string): Pictures {
  const pages = [...htmlText.matchAll(image)].map(([, document, page, width, height]) => {
    const [pageWidth, pageHeight] = [Number(width), Number(height)]
    const picture = { png: new Uint8Array(), width: 0, height: 0, pageWidth, pageHeight }
    return [pageKey(document!, Number(page)), picture] as const
  })
  return { pages: new Map(pages), highlights: new Map() }
}

/**
 * A report.html without pictures' bytes and without marks: all that can be compared where the documents cannot be drawn.
 * Only what matches the renderer's own form is left out, so nothing can be hidden in it.
 */
export function withoutPictures(htmlText: string): string {
  return htmlText
    .replace(
      image,
      (_, document: string, page: string, width: string, height: string) =>
        `<image ${document}:${page} ${width} ${height}/>`,
    )
    .replace(frame, '$1>')
    .replace(mark, '')
}
