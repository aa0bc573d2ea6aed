import { buildProgram, isBuilt } from '../../../scripts/build.ts';

/** Tests that start the program start what the sources say now, however vitest was called. */
export default async function setup(): Promise<void> {
  if (!isBuilt()) await buildProgram();
}
