import path from 'node:path';

import { runCommand } from '../../dev/n8n/processes.mts';
import { type DecoderName, DECODERS } from '../decoder/decoders.mts';
import { type InputName, INPUTS } from '../decoder/inputs.mts';
import type { Contestant, Limit, Row, Scale } from './row.mts';

const SCRIPT = path.resolve(import.meta.dirname, '../decoder/main.mts');
const TIME: Record<Scale, number> = { full: 500, quick: 100 };

/** Why five times the SDK's speed is out of reach. */
const REASONS: Partial<Record<InputName, { reason: string }>> = {
	bytes: {
		reason:
			'a turn of the asynchronous loop for each byte takes longer than to decode it, see _nothing but reading_',
	},
};

const DECODER_NAMES = Object.keys(DECODERS) as DecoderName[];
const INPUT_NAMES = Object.keys(INPUTS) as InputName[];
/** Reading alone is told where it is most of the work. */
const decodersFor = (input: InputName) =>
	DECODER_NAMES.filter((decoder) => decoder !== 'none' || input === 'bytes');
const nameOf = (input: InputName, decoder: DecoderName) =>
	`${INPUTS[input].title}: ${DECODERS[decoder].title}`;

/** The decoder of event streams by itself. */
export const decoderRow: Row = {
	name: 'decoder',
	title: 'The decoder of event streams alone',
	about:
		'From bytes to the data of each event, every decoder on the same bytes and in a process of its own.',
	quantities: ['speed'],
	charted: 'speed',
	rounds: (scale) => (scale === 'full' ? 5 : 2),
	contestants: (_bench, scale) =>
		INPUT_NAMES.flatMap((input) =>
			decodersFor(input).map((decoder) => contestant(input, decoder, TIME[scale])),
		),
	limits: () => [
		{
			what: `${INPUTS.events.title}: speed ÷ that of eventsource-parser`,
			value: speedRatio('events', 'eventsourceParser'),
			atLeast: 1,
			reason:
				'both spend two thirds of the time in finding lines and decoding UTF-8; AiChats also puts the events of a chunk into a list, which saves asynchronous turns for who reads them',
		},
		...INPUT_NAMES.map(
			(input): Limit => ({
				what: `${INPUTS[input].title}: speed ÷ that of n8n's SDK`,
				value: speedRatio(input, 'sdk'),
				atLeast: 5,
				...REASONS[input],
			}),
		),
		{
			what: 'one line, 1 MB to 10 MB: exponent of the time',
			value: (results) =>
				1 -
				Math.log10(
					results.median(nameOf('line', 'own'), 'speed') /
						results.median(nameOf('shortLine', 'own'), 'speed'),
				),
			atMost: 1.1,
			reason:
				'the memory for 10 MB comes fresh from the kernel, with three times the page faults per MB, and that is nearly all of the difference',
		},
	],
};

function contestant(input: InputName, decoder: DecoderName, time: number): Contestant {
	return {
		name: nameOf(input, decoder),
		async measure() {
			const parameters = ['--import', 'tsx', SCRIPT, decoder, input, String(time)];
			return { speed: Number(await runCommand(process.execPath, parameters)) };
		},
	};
}

function speedRatio(input: InputName, other: DecoderName): Limit['value'] {
	return (results) => results.ratio(nameOf(input, 'own'), nameOf(input, other), 'speed').median;
}
