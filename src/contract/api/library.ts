import { z } from 'zod'

/** Kinds of files that can be put in, by ending: papers, and bibliographies that say what the papers are. */
export const uploadEndings = ['pdf', 'bib', 'ris', 'json', 'csv'] as const

/** The longest name of a file, in bytes of UTF-8; file systems take 255. */
const longestName = 200
/** `a/b`, `a\b`, `C:b`; and what is still percent-encoded when the address has been decoded once. */
const separators = /[/\\:]|%[0-9a-f]{2}/i
/** Control characters, line separators, and characters that turn the order of reading around (Unicode's Bidi_Control). */
const deceptive = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/u
/** Names that Windows takes for devices, whatever their ending ("Naming Files, Paths, and Namespaces"). */
const devices = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])\s*\./i

/** Name of a file of one's own: a single part of a path that is the same and harmless on every system. */
export const uploadNameSchema = z
  .string()
  .max(4 * longestName)
  .transform((name) => name.normalize('NFC'))
  .pipe(
    z
      .string()
      .refine(
        (name) => new TextEncoder().encode(name).length <= longestName,
        `is longer than ${longestName} bytes`,
      )
      .refine((name) => !separators.test(name), 'holds a separator, or is encoded twice')
      .refine((name) => !deceptive.test(name), 'holds a character that cannot be shown')
      .refine((name) => !name.startsWith('.'), 'begins with a dot')
      .refine((name) => name === name.trim(), 'begins or ends with a space')
      .refine((name) => !devices.test(name), 'is the name of a device')
      .refine(
        (name) => uploadEndings.some((ending) => name.toLowerCase().endsWith(`.${ending}`)),
        `must end with ${uploadEndings.map((ending) => `.${ending}`).join(', ')}`,
      ),
  )

/** A file that a user put in. */
export const uploadSchema = z
  .object({
    name: z.string(),
    bytes: z.int(),
    sha256: z.string(),
    uploadedAt: z.iso.datetime(),
  })
  .meta({ id: 'LibraryFile' })
export type Upload = z.infer<typeof uploadSchema>

/** A folder of the server that is reviewed when nothing else is named. */
export const libraryFolderSchema = z
  .strictObject({ path: z.string().min(1).max(4096).meta({ description: 'Absolute path on the server.' }) })
  .meta({ id: 'LibraryFolder' })
