// What is not shipped (dev, test, bench) may use all of Node, so n8n's strict rules for
// shipped code do not fit it. It is linted by typescript-eslint's own recommendations.
import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

export default tseslint.config(
	{ ignores: ['dist', 'node_modules', 'coverage'] },
	{
		files: ['**/*.mts'],
		extends: [eslint.configs.recommended, tseslint.configs.recommended],
	},
);
