import type { RunningServer } from '../../dev/servers/recipe.mts';
import type { Habit } from '../../dev/servers/tinyModel.mts';
import type { Answer, Place } from './Place.mts';

/** What a check found. A fault of ours is thrown instead. */
export interface Outcome {
	result:
		| 'works'
		/** The server declines, and the node passes its reason on. */
		| 'refused'
		/** The server takes it without any effect, and the node does not claim otherwise. */
		| 'ignored'
		| 'not run';
	note?: string;
	/** What works in a way that a user should know. */
	isRemarkable?: boolean;
}

/** A server under test: the place of each of its models. */
export interface Subject {
	server: RunningServer;
	/** @throws NotServed where the server has no such model */
	place(habit: Habit): Promise<Place>;
}

export class NotServed extends Error {}

export interface Check {
	/** As the page names it. */
	name: string;
	run(subject: Subject): Promise<Outcome>;
}

export const works = (note?: string): Outcome => ({
	result: 'works',
	...(note === undefined ? {} : { note }),
});
export const remarkable = (note: string): Outcome => ({
	result: 'works',
	note,
	isRemarkable: true,
});
/** @param description of the error: of it, the server's own words */
export const refused = (description: string): Outcome => ({
	result: 'refused',
	note: quoted(description) ?? shortened(description),
});
export const ignored = (note: string): Outcome => ({ result: 'ignored', note });
export const notRun = (note: string): Outcome => ({ result: 'not run', note });

/** @throws Error that shows what was found where the condition does not hold */
export function expectThat(condition: boolean, found: unknown): void {
	if (!condition) throw new Error(`Found ${JSON.stringify(found)?.slice(0, 500)}`);
}

/** The text of a successful answer. @throws Error with the failure otherwise */
export function textOf({ json, failure }: Answer): string {
	if (failure !== undefined) throw new Error(`${failure.message} ${failure.description}`);
	return String(json['text']);
}

/** Fails as the server says, or is taken. @throws Error for a failure without the server's words */
export function takenOrRefused({ failure, json: item }: Answer, taken: string): Outcome {
	if (failure === undefined) return remarkable(taken);
	// Some servers fail after the head of their answer, and can only close the connection.
	if (failure.kind === 'truncated') return refused('It closes the connection without a reason');
	expectThat(failure.kind === 'http' && /The service said: ./.test(failure.description), {
		failure,
		item,
	});
	return refused(failure.description);
}

/** The answer of the only item. */
export async function only(
	place: Place,
	parameters: Parameters<Place['chat']>[0],
	...rest: [items?: Parameters<Place['chat']>[1]]
): Promise<Answer> {
	const { answers } = await place.chat(parameters, ...rest);
	expectThat(answers.length === 1, answers);
	return answers[0]!;
}

export const PROMPT = 'Tell me of the wind';

/** A prompt with options, answered in few tokens. */
export function short(options: object = {}, more: object = {}) {
	return { prompt: PROMPT, options: { maxTokens: 40, ...options }, ...more };
}

function quoted(description: string): string | undefined {
	const [, words] = /The service said: (.+?)(?: Address: .*)?$/s.exec(description) ?? [];
	return words === undefined ? undefined : `The server says: \`${shortened(words)}\``;
}

function shortened(text: string): string {
	const line = text.replace(/\s+/g, ' ').trim();
	return line.length > 160 ? `${line.slice(0, 159)}…` : line;
}
