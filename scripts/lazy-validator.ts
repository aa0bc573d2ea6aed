import type { Plugin } from 'esbuild';

/**
 * The SDK creates a JSON schema validator for every server, but needs it only for answers of the user. Loading it takes
 * as long as the rest of the SDK, so this loads it on first use.
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
