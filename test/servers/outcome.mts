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
export const refused = (note: string): Outcome => ({ result: 'refused', note: shortened(note) });
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

function shortened(text: string): string {
	const line = text.replace(/\s+/g, ' ').trim();
	return line.length > 160 ? `${line.slice(0, 159)}…` : line;
}
