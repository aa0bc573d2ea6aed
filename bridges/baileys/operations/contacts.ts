import type { Handlers } from '../../operations/catalog.ts';
import { abortable } from './abortable.ts';
import type { ContactQueries } from './contact-queries.ts';

export function contactsHandlers(queries: ContactQueries) {
  return {
    'contacts.check': (input, signal) => abortable(queries.check(input), signal),
    'contacts.picture': (input, signal) => abortable(queries.picture(input), signal),
    'contacts.about': (input, signal) => abortable(queries.about(input), signal),
    'contacts.blocked': (_input, signal) => abortable(queries.blocked(), signal),
    'connection.devices': (_input, signal) => abortable(queries.devices(), signal),
  } satisfies Partial<Handlers>;
}
