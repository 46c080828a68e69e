import type { Attachment, Conversation } from './conversation.mts';

/**
 * The text a conversation is answered with. No model is run: everything that arrived is
 * said back, so that a test can see it, and the words still serve as an image prompt.
 */
export function answerText(conversation: Conversation): string {
	const lines = conversation.toolResults.length
		? conversation.toolResults.map((result) => `The tool answered: ${result}`)
		: describe(conversation.prompt);
	if (conversation.attachments.length) lines.push(attachmentSentence(conversation.attachments));
	const [first] = conversation.history;
	if (first) lines.push(historySentence(conversation.history.length, first.text));
	if (conversation.system) lines.push(`The system message says: "${conversation.system}".`);
	return lines.join('\n');
}

function describe(prompt: string): string[] {
	return [
		`A picture of ${prompt}: soft morning light, calm colours, every detail clear.`,
		'The view is wide, with room around the subject and a low horizon.',
	];
}

function attachmentSentence(attachments: Attachment[]): string {
	const list = attachments.map(({ mediaType, bytes }) => `${mediaType} of ${bytes} bytes`);
	const noun = attachments.length === 1 ? 'image' : 'images';
	return `It came with ${attachments.length} ${noun}: ${list.join(', ')}.`;
}

function historySentence(count: number, first: string): string {
	const turns = count === 1 ? 'was 1 earlier turn' : `were ${count} earlier turns`;
	return `There ${turns}; the first said: "${first}".`;
}
