import { fold } from '../../domain/fold.ts';
import { shownName } from '../../domain/names.ts';

/** Equal for two names that differ only in case, accents or invisible characters. */
export const nameKey = (name: string): string => fold(shownName(name)).replace(/[\u200c\u200d]/g, '');
