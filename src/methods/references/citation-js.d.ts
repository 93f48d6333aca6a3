/** The part of citation-js that Sheaf uses; the packages come without types. What `chain` gives is parsed with zod. */
declare module '@citation-js/core' {
  export const plugins: {
    input: {
      /** Parses bibliographic data of any registered format; throws where it cannot. */
      chain(
        data: string,
        options: { forceType?: string; target?: string; generateGraph: boolean; strict?: boolean },
      ): unknown
    }
  }
}
declare module '@citation-js/plugin-bibtex'
declare module '@citation-js/plugin-ris'
