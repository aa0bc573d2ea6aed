/** Why a command refuses, and what to do instead; for a person, without a stack trace. */
export class UserError extends Error {
  override readonly name = 'Refusal';
  readonly nextStep: string;

  constructor(message: string, nextStep: string, options: ErrorOptions = {}) {
    super(message, options);
    this.nextStep = nextStep;
  }
}

/** Commands never overwrite a file. */
export const taken = (path: string): UserError =>
  new UserError(`${path} is there already.`, 'Nothing is overwritten: move it away, or name another place.');
