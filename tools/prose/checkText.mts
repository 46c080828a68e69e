import { Dialect, type LintOptions, LocalLinter } from 'harper.js';
import { binaryInlined } from 'harper.js/binaryInlined';

import { DICTIONARY } from './dictionary.mts';

/** A text to check, and how a reader finds it again. */
export interface Text {
	/** A file, or the place of a field in a node. */
	place: string;
	content: string;
	language: NonNullable<LintOptions['language']>;
	/** British in documents; American in the editor, as all of n8n is. */
	dialect: 'British' | 'American';
}

/** Rules of taste, and those that take right sentences, code and table cells for mistakes. */
const RULES_OFF = [
	...[
		'CompoundNouns',
		'DiscourseMarkers',
		'OrthographicConsistency',
		'OxfordComma',
		'UseTitleCase',
	],
	...['DisjointPrefixes', 'OneOfTheSingular', 'Overall', 'QuantifierNumeralConflict', 'ToTwoToo'],
	'SentenceCapitalization',
];

/**
 * The name is no word to the checker, which then complains of "an n8n node". A name of the same length
 * that begins with a vowel stands in for it.
 */
const STAND_IN = 'Ada';
/** Units are no words to it either; those behind a number become one that is. */
const UNIT = /(?<=\d )(?:ms|s|[kKMG]B)\b/g;

const linters = new Map<Text['dialect'], Promise<LocalLinter>>();

/** The mistakes in a text, one line each: place, line, the words in question, what is wrong with them. */
export async function checkText({ place, content, language, dialect }: Text): Promise<string[]> {
	const linter = await linterFor(dialect);
	const checked = content.replaceAll('n8n', STAND_IN).replace(UNIT, 'days');
	const lints = await linter.lint(checked, { language });
	return lints.map((lint) => {
		const line = checked.slice(0, lint.span().start).split('\n').length;
		const words = lint.get_problem_text().replaceAll(STAND_IN, 'n8n');
		return `${place}:${line} "${words}": ${lint.message()}`;
	});
}

async function linterFor(dialect: Text['dialect']): Promise<LocalLinter> {
	const linter = linters.get(dialect) ?? startLinter(Dialect[dialect]);
	linters.set(dialect, linter);
	return await linter;
}

async function startLinter(dialect: Dialect): Promise<LocalLinter> {
	const linter = new LocalLinter({ binary: binaryInlined, dialect });
	const rules = await linter.getDefaultLintConfig();
	const off = RULES_OFF.map((name) => [name, false] as const);
	await linter.setLintConfig({ ...rules, ...Object.fromEntries(off) });
	await linter.importWords([...DICTIONARY]);
	return linter;
}
