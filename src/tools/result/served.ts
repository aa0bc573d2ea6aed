import * as z from 'zod';
import { bridgeIds } from '../../../bridges/bridge.ts';

/** Which bridge answered. */
export const servedBy = { served_by: z.enum(bridgeIds) };

/** The same for an answer that may be a remembered one, with its age. */
export const servedFields = { age_seconds: z.number().int().default(0), ...servedBy };
