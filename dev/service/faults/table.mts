import {
	type Directive,
	type Explained,
	openAiEndings,
	parseDirectives,
	settings,
} from '../directives.mts';
import { answerFaults, serverHabits, streamQuirks } from './answers.mts';
import { httpFaults } from './http.mts';
import { imageFaults } from './images.mts';
import { interruptions } from './interruptions.mts';

const families: Record<string, Record<string, Explained>> = {
	setting: settings,
	'stream quirk': streamQuirks,
	'HTTP fault': httpFaults,
	interruption: interruptions,
	'image fault': imageFaults,
	'answer fault': answerFaults,
	'OpenAI ending': openAiEndings,
	'server habit': serverHabits,
};

export interface TableRow extends Explained {
	name: string;
	family: string;
}

/** Every directive there is. */
export const directiveTable: TableRow[] = Object.entries(families).flatMap(([family, entries]) =>
	Object.entries(entries).map(([name, { usage, explanation }]) => ({
		name,
		family,
		usage,
		explanation,
	})),
);

const familyOf = new Map(directiveTable.map(({ name, family }) => [name, family]));

export function isKnown({ name }: Directive): boolean {
	return familyOf.has(name);
}

export function isFault({ name }: Directive): boolean {
	return familyOf.get(name) !== 'setting';
}

/** Belongs to the GET of the image rather than to the request that names it. */
export function isForImage({ name, parameters }: Directive): boolean {
	return familyOf.get(name) === 'image fault' || parameters['on'] === 'image';
}

/** @throws if a name is unknown: with a mistyped directive, a test would pass without testing anything. */
export function knownDirectives(text: string | undefined): Directive[] {
	const directives = parseDirectives(text);
	const unknown = directives.find((directive) => !isKnown(directive));
	if (unknown) throw new Error(`The stand-in knows no directive "${unknown.name}".`);
	if (text?.trim() && directives.length === 0) throw new Error(`No directive in "${text}".`);
	return directives;
}

export function tableText(): string {
	const width = Math.max(...directiveTable.map(({ usage }) => usage.length)) + 2;
	const lines = Object.keys(families).flatMap((family) => [
		'',
		`${family}s`,
		...directiveTable
			.filter((row) => row.family === family)
			.map(({ usage, explanation }) => `  ${usage.padEnd(width)}${explanation}`),
	]);
	return lines.join('\n');
}
