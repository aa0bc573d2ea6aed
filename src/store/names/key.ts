import { fold } from '../../domain/fold.ts';
import { shownName } from '../../domain/names.ts';

/** Equal for two names that differ only in what `fold` ignores, or in invisible characters. */
export const nameKey = (name: string): string => fold(shownName(name)).replace(/ +/g, ' ').trim();
