import { alterAnswer } from '../faults/answerFaults.mts';
import type { Exchange } from '../exchange.mts';
import { imageLink } from '../pictures/links.mts';
import { numbered, readImage } from '../pictures/picture.mts';
import { withoutDirectives } from '../respond.mts';
import type { Turn } from '../text/conversation.mts';
import { sendJson } from '../wire/whole.mts';

/** Answers with the URL of an image that shows the prompt. */
export async function answerImage(exchange: Exchange, turns: Turn[]): Promise<void> {
	const prompt = withoutDirectives(turns).at(-1)?.text ?? '';
	const image = readImage(exchange.directives, { prompt });
	const count = exchange.directives.number('images', 'count') ?? 1;
	const data = await Promise.all(
		Array.from({ length: count }, async (_, index) => ({
			url: await imageLink(exchange, numbered(image, index, count)),
		})),
	);
	await sendJson(exchange, 200, alterAnswer(exchange.directives, { data }));
}
