export interface Explained {
	usage: string;
	explanation: string;
}

function setting(usage: string, explanation: string): Explained {
	return { usage, explanation };
}

/** No faults: what a good answer is like. Read where the answer is made. */
export const settings: Record<string, Explained> = {
	pace: setting('pace ms=N', 'milliseconds between two fragments'),
	latency: setting('latency ms=N', 'milliseconds before the answer begins'),
	size: setting('size width=N height=N', 'the image in pixels'),
	bytes: setting('bytes total=N', 'the PNG is padded to exactly so many bytes'),
	format: setting('format type=png|jpeg|webp|gif|avif', 'the encoding of the image'),
	words: setting('words count=N', 'an answer of so many words'),
	fragments: setting('fragments count=N', 'the answer comes in so many fragments'),
	text: setting('text value="…"', 'this answer word for word; the value is a JSON string'),
	finish: setting('finish reason=NAME', 'OpenAI: this finish_reason'),
	images: setting('images count=N', 'so many images in the answer'),
	url: setting('url kind=absolute|relative|data', 'the form of the image URL'),
	link: setting('link value="…"', 'this string as the image URL'),
	drip: setting('drip bytes=N', 'the body in network writes of so many bytes'),
};

/** Endings of an OpenAI answer that its protocol code writes itself. */
export const openAiEndings: Record<string, Explained> = {
	refusal: setting('refusal', 'OpenAI: the model refuses, in the field `refusal`'),
	'no-finish': setting('no-finish', 'OpenAI: a clean close, no finish_reason and no [DONE]'),
	'no-done': setting('no-done', 'OpenAI: finish_reason but no [DONE]'),
};
