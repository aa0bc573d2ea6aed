import { describe, expect, test } from 'vitest';
import { resources } from '../../src/resources/catalog.ts';
import { findResource, templateOf, uriOf, variables } from '../../src/resources/define.ts';

const named = (name: string) => resources.find((resource) => resource.name === name)!;
const find = (uri: string) => {
  const found = findResource(resources, uri);
  return found && { name: found.resource.name, given: found.given };
};

describe('The address of a resource', () => {
  test('is fixed where nothing in its path varies', () => {
    expect(uriOf(named('chats'))).toBe('whatsapp://chats');
    expect(uriOf(named('chat'))).toBeUndefined();
  });

  test('is a template of all that its tool takes', () => {
    expect(templateOf(named('chat'))).toBe('whatsapp://chats/{chat_jid}');
    expect(templateOf(named('chat-messages'))).toBe(
      'whatsapp://chats/{chat_jid}/messages{?after_time,before_time,limit,cursor}',
    );
    expect(templateOf(named('message'))).toBe('whatsapp://messages/{message_id}{?chat_jid}');
    expect(variables(named('message'))).toEqual(['message_id', 'chat_jid']);
  });

  test('is no template where nothing can be said', () => {
    expect(templateOf(named('status'))).toBeUndefined();
    expect(templateOf(named('guide-sync'))).toBeUndefined();
  });
});

describe('Finding a resource', () => {
  test.each([
    ['whatsapp://status', { name: 'status', given: {} }],
    ['whatsapp://chats?limit=2&kind=group', { name: 'chats', given: { limit: '2', kind: 'group' } }],
    ['whatsapp://chats/1555@s.whatsapp.net', { name: 'chat', given: { chat_jid: '1555@s.whatsapp.net' } }],
    ['whatsapp://chats/1555%40s.whatsapp.net', { name: 'chat', given: { chat_jid: '1555@s.whatsapp.net' } }],
    ['whatsapp://chats/%C3%81na%20%2F%20Ben', { name: 'chat', given: { chat_jid: 'Ána / Ben' } }],
    ['whatsapp://chats/+1555/messages?limit=5', { name: 'chat-messages', given: { chat_jid: '+1555', limit: '5' } }],
    ['whatsapp://messages/A?chat_jid=x', { name: 'message', given: { message_id: 'A', chat_jid: 'x' } }],
    ['whatsapp://chats/a?chat_jid=b', { name: 'chat', given: { chat_jid: 'a' } }],
    ['whatsapp://guides/errors', { name: 'guide-errors', given: {} }],
  ])('understands %s', (uri, found) => expect(find(uri)).toEqual(found));

  test.each([
    'whatsapp://nothing',
    'whatsapp://',
    'whatsapp://chats/',
    'whatsapp://chats//messages',
    'whatsapp://chats/a/messages/b',
    'whatsapp://chats/%E0%A4%A',
    'https://chats',
    'status',
    '',
  ])('finds none under "%s"', (uri) => expect(find(uri)).toBeUndefined());
});
