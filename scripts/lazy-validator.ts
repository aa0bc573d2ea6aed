import type { Plugin } from 'esbuild';

/**
 * The SDK makes a JSON schema validator for every server, which only the answers to questions put to the user need.
 * Loading it takes as long as all the rest of the SDK, so it is loaded when it is first used.
 */
export const lazyValidator: Plugin = {
  name: 'lazy-validator',
  setup({ onLoad }) {
    onLoad({ filter: /sdk[\\/]dist[\\/]esm[\\/]validation[\\/]ajv-provider\.js$/ }, () => ({
      contents: `
        let validator;
        export class AjvJsonSchemaValidator {
          getValidator(schema) {
            validator ??= new (require('../../cjs/validation/ajv-provider.js').AjvJsonSchemaValidator)();
            return validator.getValidator(schema);
          }
        }`,
    }));
  },
};
