import { buildProgram, isBuilt } from '../../../scripts/build.ts';

/** Builds the program before the tests that start it, however vitest was called. */
export default async function setup(): Promise<void> {
  if (!isBuilt()) await buildProgram();
}
