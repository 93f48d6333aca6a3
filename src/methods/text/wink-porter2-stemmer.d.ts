/** The package comes without types: it is one function, exported as `module.exports`. */
declare module 'wink-porter2-stemmer' {
  export default function stem(word: string): string
}
