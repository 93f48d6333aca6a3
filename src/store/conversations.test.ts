import { expect, test } from 'vitest'
import { describeEachStore } from '../../test/support/each-store.ts'
import type { MessageValue } from '../contract/api/conversation.ts'
import {
  createConversation,
  deleteConversation,
  fillAnswer,
  findConversation,
  findMessage,
  lastSessionOf,
  listConversations,
  messagesAfter,
  nameConversation,
  pendingAnswers,
  storeMessage,
  takeNumbers,
} from './conversations.ts'

const asked: MessageValue = { role: 'person', kind: 'follow_up', text: 'Why?\u0000' }
const pending: MessageValue = { role: 'sheaf', answers: 1, state: 'pending', text: '', sentences: [] }

await describeEachStore('conversations', (store) => {
  const open = async (id: string, owner = 'ann') => {
    await deleteConversation(store.database.sql, id)
    await createConversation(store.database.sql, { id, owner, title: '' })
  }

  test('give their messages numbers without gap or repeat, whoever takes them at once', async () => {
    const { sql } = store.database
    await open('a')
    const taken = await Promise.all(Array.from({ length: 20 }, () => takeNumbers(sql, 'a', 2)))
    expect(taken.toSorted((one, other) => one - other)).toEqual(
      Array.from({ length: 20 }, (_, index) => 1 + 2 * index),
    )
    expect(await findConversation(sql, 'a')).toMatchObject({ lastMessage: 40, owner: 'ann' })
  })

  test('keep the first answer that is given, and know which are still to be given', async () => {
    const { sql } = store.database
    await open('a')
    await storeMessage(sql, 'a', { number: 1, session: 's1', value: asked })
    await storeMessage(sql, 'a', { number: 2, session: 's1', value: pending })
    const question = { session: 's1', conversation: 'a', answer: 2, question: 'Why?\ufffd' }
    expect(await pendingAnswers(sql)).toEqual([question])
    expect(await pendingAnswers(sql, 's2')).toEqual([])
    const answer = (text: string) =>
      fillAnswer(sql, 'a', 2, { role: 'sheaf', answers: 1, state: 'answered', text, sentences: [] })
    expect([await answer('Because.'), await answer('Otherwise.')]).toEqual([true, false])
    expect((await findMessage(sql, 'a', 2))?.value.text).toBe('Because.')
    expect(await pendingAnswers(sql)).toEqual([])
    expect((await messagesAfter(sql, 'a', 0, 1)).map(({ number }) => number)).toEqual([1])
    expect(await lastSessionOf(sql, 'a')).toBe('s1')
  })

  test('are listed for their owner, newest first, and named once', async () => {
    const { sql } = store.database
    for (const [id, owner] of [
      ['a', 'ann'],
      ['b', 'bob'],
      ['c', 'ann'],
    ] as const)
      await open(id, owner)
    await nameConversation(sql, 'a', 'First')
    await nameConversation(sql, 'a', 'Second')
    const titles = (await listConversations(sql, { owner: 'ann', limit: 9 })).map(({ id, title }) => [
      id,
      title,
    ])
    expect(titles).toEqual([
      ['c', ''],
      ['a', 'First'],
    ])
    expect((await listConversations(sql, { limit: 9, before: 'c' })).map(({ id }) => id)).toEqual(['b', 'a'])
  })
})
