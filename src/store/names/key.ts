import { fold } from '../../domain/fold.ts';
import { shownName } from '../../domain/names.ts';

/** The same for two names that differ in case, accents or characters that nobody sees. */
export const nameKey = (name: string): string => fold(shownName(name)).replace(/[\u200c\u200d]/g, '');
