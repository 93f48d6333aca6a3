/** What a text is to be compared as: some models place a question and what answers it differently. */
export type TextRole = 'passage' | 'question'

/** A text under the name by which its vector is kept. */
export interface NamedText {
  readonly sha256: string
  readonly text: string
}

/**
 * A model that gives vectors of texts, behind the same door as language models: the deployment's limits and its budget of
 * a day, the ledger, and what was answered is kept, so that no text is paid for twice.
 */
export interface Embedder {
  /** Under which name vectors are kept: those of two models cannot be compared. */
  readonly model: string
  /** The name of a text's vector. */
  nameOf(text: string, role: TextRole): string
  /**
   * Sees to it that texts have vectors, and gives them in the texts' order.
   * @throws {WaitingError} when the model cannot be asked now and can be later
   * @throws {SheafError} `upstream_failed`, `invalid_input` for settings that it does not accept, `cancelled`
   */
  embed(texts: readonly NamedText[], role: TextRole, signal: AbortSignal): Promise<Int8Array[]>
}
